"""The console: a local page on which clinicians prepare a session, follow it and close it.

`house` holds what all pages share, `service` is the one task that talks to the gun, `guard` lets
nobody in who is not logged in. Pages are modules named after what is done there. No text stands in
the code: all are in the catalogues under `texts`.
"""
