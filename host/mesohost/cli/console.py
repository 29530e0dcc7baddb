"""`mesogun console`: the local page on which a session is prepared, followed and closed."""

from pathlib import Path

import click

from mesohost.cli.options import archive_option, optional_key_option, port_option
from mesohost.troubles import Trouble


@click.command
@port_option
@archive_option
@optional_key_option
@click.option(
    "--training", is_flag=True, help="Practise: a virtual gun and an archive that is thrown away."
)
@click.option(
    "--page-port",
    type=click.IntRange(0, 65535),
    metavar="NUMBER",
    help="TCP port of the page on the loopback (0: any free one); by default 8642, or any free one "
    "where that is taken.",
)
@click.option("--no-browser", is_flag=True, help="Only say where the page is.")
@click.option(
    "--pace",
    type=click.FloatRange(0.1, 100),
    default=1.0,
    show_default=True,
    help="In training: seconds of the virtual gun a second.",
)
def command(
    port: str | None,
    folder: Path | None,
    key: Path | None,
    training: bool,
    page_port: int | None,
    no_browser: bool,
    pace: float,
) -> None:
    """Serve the clinician's page until broken off (Ctrl-C).

    It opens in the browser and is reachable from this computer only.
    """
    if training and (port or folder):
        raise click.UsageError("--training brings its own gun and archive: leave out --port and "
                               "--archive (and MESOGUN_PORT, MESOGUN_ARCHIVE)")  # fmt: skip
    try:
        from mesohost.console import app
    except ModuleNotFoundError as missing:
        raise Trouble(
            f"the console needs {missing.name}",
            ["install it: python -m pip install 'mesogun[console]'"],
        ) from missing
    if folder is None and not training:
        from mesohost.archive import default_folder

        folder = default_folder()
    app.serve(
        folder, port, page_port, training=training, browser=not no_browser, pace=pace, key=key
    )
