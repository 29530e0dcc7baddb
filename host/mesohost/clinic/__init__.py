"""The clinic's data: users, patients, courses, sessions, protocols, in the archive's database.

Everything that is entered is an entry of one journal (`entries`), appended and never edited; each
module here is functions over that journal. What an entry says is one of the plain types in
`bodies`. Nothing of the database is seen outside.
"""
