"""The command `foothold`: one function a command, each with its own imports, to start fast."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from bot.plans.commands import EXAMPLE, plan
from bot.services.commands import app as services_app

if TYPE_CHECKING:
    from bot.rasa_server.sealed_rows import Rows
    from bot.settings import InternalSettings, SupervisorSettings

app = typer.Typer(
    name="foothold",
    help="Foothold: a safety-planning assistant that you run yourself.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

content_app = typer.Typer(help="The words that people read.", no_args_is_help=True)
app.add_typer(content_app, name="content")
app.add_typer(services_app, name="services")

# "\b" keeps the lines that follow as they are.
ANSWER_SHEET = """\
Answers are yes, no or unknown (true and false are taken as yes and no); what is not there is
unknown. Everything may be left out.

\b
Example, in a file answers.yml:
  signs: {strangled: yes, gun_access: unknown, lives_with: no}
  fear: 3                      # 0 not afraid, 4 afraid for my life
  own_level: high              # none, some, high or now
  expects_serious_harm: yes
  now: [holds_weapon_now]      # what makes this moment an emergency
  raised_to: 4                 # by an advocate: 0 to 4, never lowers
  judged_lethal: no            # an advocate, of the open question
  instruments:                 # forms filled in elsewhere: never change the level
    danger_assessment: {total: 14}
    dash: {ticks: 9, judgement: no, events_in_12_months: 3}

\b
  foothold assess answers.yml
  foothold assess --json - < answers.json
"""

DEMAND = """\
The code is what the visitor's own page holds as its conversation. Give it as - to keep it out of
the shell's history; one that begins with - goes after --.

\b
  foothold legal-demand -
  foothold legal-demand --json -- CODE
"""


UNDERSTOOD = """\
Each line tells the language, the intent with how sure it is, the signals and danger signs, what is
urgent, whether it has nothing to do with Foothold, and the text with personal data masked.

\b
  foothold understand messages.txt
  echo "he took my phone" | foothold understand
"""


@app.command()
def run() -> None:
    """Start Foothold and keep it running until Ctrl-C."""
    import os

    from rich.console import Console

    from bot import settings, supervisor, training
    from bot.rasa_server import sealed_rows

    interrupt_on_signals()
    for sentence in settings.unknown_variables(os.environ):
        print(sentence, file=sys.stderr)
    settings.check_all()
    wanted = settings.load(settings.SupervisorSettings)
    examine(wanted)
    supervisor.check_addresses(supervisor.addresses(wanted))
    logs = settings.private_folder(wanted.data) / "log"
    logs.mkdir(exist_ok=True)
    if sealed_rows.begun_anew(wanted.data):
        print("The file of conversations was damaged, and a new one was begun.", file=sys.stderr)
    try:
        model = training.ready_model(training.TrainingGround(wanted.data), Console())
        make_directory_ready(wanted)
    except KeyboardInterrupt:
        return
    programs = supervisor.foothold_programs(model)
    supervisor.supervise(programs, url=supervisor.chat_url(wanted), logs=logs)


@app.command()
def doctor() -> None:
    """Look for what makes it unsafe to run Foothold here; ends with 1 when it would not start."""
    import os

    from bot import settings
    from bot.content import load
    from bot.content.hotlines import load_hotlines
    from bot.doctor import findings, here

    for sentence in settings.unknown_variables(os.environ):
        print(f"Caution: {sentence}")
    settings.check_all()
    wanted = settings.load(settings.SupervisorSettings)
    found = findings(here(wanted, load(), load_hotlines()))
    for each in found:
        print(f"{'Refused' if each.refused else 'Caution'}: {each.sentence}")
    refused = sum(each.refused for each in found)
    if refused:
        print(f"Foothold does not start like this: {refused} to mend.", file=sys.stderr)
        raise typer.Exit(1)
    print("Foothold can start." if found else "All is well.")


erase_app = typer.Typer(help="Erase what is kept.", no_args_is_help=True)
app.add_typer(erase_app, name="erase")


@erase_app.command("expired")
def erase_expired() -> None:
    """Erase what has been silent for too long, now; a running Foothold does it every 30 seconds."""
    from bot import settings

    wanted = settings.load(settings.InternalSettings)
    rows = kept_rows(wanted)
    erased = rows.expire() if rows else 0
    print(f"Erased: {erased} {'talk' if erased == 1 else 'talks'}.")
    if wanted.redis:
        print("Redis erases by itself what is too old.")


@app.command("legal-demand", epilog=DEMAND)
def legal_demand(
    code: Annotated[
        str, typer.Argument(metavar="CODE", help="The code of a talk; - asks for it, unseen.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the very bytes.")] = False,
) -> None:
    """Print all that could be handed over for a code: next to nothing."""
    from json import dumps

    from bot import settings
    from bot.rasa_server.sealed_rows import NOTHING_FOUND
    from bot.store.demand import Demand, demand

    wanted = settings.load(settings.InternalSettings)
    rows = kept_rows(wanted)
    if code == "-":
        code = typer.prompt("Code", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    code = code.strip()
    brought = (
        demand(code, rows, wanted.idle_minutes)
        if rows
        else Demand("", NOTHING_FOUND, wanted.idle_minutes)
    )
    print(dumps(brought.for_machines(), indent=2) if json else brought)


@app.command()
def train() -> None:
    """Train the model if its sources have changed."""
    from rich.console import Console

    from bot import settings, training

    interrupt_on_signals()
    data = settings.load(settings.SupervisorSettings).data
    print(training.ready_model(training.TrainingGround(data), Console(stderr=True)))


@content_app.command("check")
def content_check() -> None:
    """Look for words that are missing, hard to read, or must never be said."""
    from bot.content import FOLDER, load
    from bot.content.check import problems
    from bot.content.readable import hard_texts
    from bot.content.reviews import entries

    content = load()
    found = [*problems(content), *hard_texts(content)]
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        raise typer.Exit(1)
    known = entries(FOLDER / "REVIEWED.yml")
    unread = sum(not each.is_reviewed for each in known)
    print("The words are complete, easy to read, and never say what must not be said.")
    print(f"{unread} of {len(known)} entries of REVIEWED.yml wait for people to read them.")


@content_app.command("book")
def content_book(
    chapter: Annotated[
        Literal["changes", "danger", "questions", "plan", "words", "all"],
        typer.Option(help="What the book is about."),
    ] = "all",
    form: Annotated[
        Literal["markdown", "html"],
        typer.Option("--format", help="Markdown, or one page of HTML to print."),
    ] = "markdown",
    output: Annotated[
        Path | None, typer.Option(help="A file to write it to; else it is printed.")
    ] = None,
) -> None:
    """Write the book for reviewers: rules, questions, plan and every word, languages side by side.

    To print it: foothold content book --format html --output book.html
    """
    from bot.content import load
    from bot.content.book import book
    from bot.content.markdown import printable

    written = book(load(), chapter)
    if form == "html":
        written = printable(written, "Foothold")
    if output is None:
        print(written, end="")
    else:
        output.write_text(written, encoding="utf-8")


@app.command(epilog=ANSWER_SHEET)
def assess(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Answers in JSON or YAML; - is standard input.")
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the result for machines.")] = False,
    language: Annotated[
        Literal["en", "es"], typer.Option(help="The language of the words.")
    ] = "en",
) -> None:
    """Name the danger that answers show: at least, at most, and why. For advocates."""
    from io import TextIOWrapper
    from json import dumps

    from bot.assessing.problems import WrongSheet
    from bot.assessing.report import InWords, for_machines
    from bot.assessing.sheet import load

    try:
        sheet = load(file)
    except WrongSheet as wrong:
        print(dumps(wrong.for_machines(), indent=2) if json else wrong, file=sys.stderr)
        raise typer.Exit(2) from None
    assessment = sheet.assessment()
    if json:
        print(dumps(for_machines(sheet, assessment), indent=2))
        return
    from bot.content import load as load_content

    content = load_content()
    # A terminal that lacks a letter shows another sign in its place.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    print(InWords(sheet, assessment, content.language(language).danger, content.danger))


app.command(epilog=EXAMPLE)(plan)


@app.command(epilog=UNDERSTOOD)
def understand(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A text file; else standard input.")
    ] = None,
) -> None:
    """Print what Foothold makes of each line of a text: a line of JSON for each. Keeps nothing."""
    from contextlib import nullcontext

    from rich.console import Console

    from bot import settings, training
    from bot.content import load
    from bot.understanding import NotUnderstood, understood

    interrupt_on_signals()
    ground = training.TrainingGround(settings.load(settings.SupervisorSettings).data)
    try:
        lines = file.open("rb") if file else nullcontext(sys.stdin.buffer)
    except OSError as error:
        print(f"{file}: {error.strerror}.", file=sys.stderr)
        raise typer.Exit(2) from None
    model = training.ready_model(ground, Console(stderr=True))
    with lines as texts:
        try:
            for line in understood(ground, model, texts, load().urgent):
                print(line, flush=True)
        except NotUnderstood as problem:
            print(problem, file=sys.stderr)
            raise typer.Exit(1) from None


@app.command(name="eval")
def evaluate(
    write: Annotated[
        bool, typer.Option("--write", help="Put the figures into docs/understanding.md.")
    ] = False,
) -> None:
    """Measure how well messages are understood that were kept from learning."""
    from rich.console import Console

    from bot import settings, training
    from bot.evaluating.run import evaluate as measure
    from bot.evaluating.run import write_card
    from bot.services.home import CannotMake, Home
    from bot.understanding import NotUnderstood

    interrupt_on_signals()
    ground = training.TrainingGround(settings.load(settings.SupervisorSettings).data)
    home = Home(ground.data)
    try:
        home.make_places()
        model = training.ready_model(ground, Console(stderr=True))
        found = measure(ground, model, home.gazetteer())
    except (NotUnderstood, CannotMake) as problem:
        print(problem, file=sys.stderr)
        raise typer.Exit(1) from None
    print("\n\n".join(str(table) for table in found.tables))
    if write:
        write_card(found)


@app.command()
def bench(
    json: Annotated[bool, typer.Option("--json", help="Print the figures for machines.")] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Measure less often.")] = False,
    directory: Annotated[
        bool, typer.Option("--directory", help="Measure the directory of services instead.")
    ] = False,
    services: Annotated[
        int, typer.Option(help="With --directory: how many made-up services.")
    ] = 1_000_000,
) -> None:
    """Measure how fast Foothold is here, and what it needs."""
    from json import dumps

    from rich.console import Console

    from bot.bench.run import QUICK, Extent
    from bot.bench.run import bench as measure

    interrupt_on_signals()
    if directory:
        bench_directory(services, as_json=json)
        return
    report = measure(QUICK if quick else Extent(), Console(stderr=True, highlight=False))
    if json:
        print(dumps(report.as_dict(), indent=2))
    else:
        report.show(Console(highlight=False))
    if not report.whole:
        raise typer.Exit(1)


def bench_directory(services: int, *, as_json: bool) -> None:
    """Measures a directory of made-up services in a file and in PostgreSQL."""
    from dataclasses import asdict
    from json import dumps

    from rich.console import Console

    from bot import settings
    from bot.bench.nearby import in_both, show
    from bot.bench.postgres import NoPostgres
    from bot.services.home import CannotMake, Home

    home, console = Home(settings.load(settings.SupervisorSettings).data), Console(stderr=True)
    try:
        home.make_places()
        for each in in_both(home.places_file, services, console):
            if as_json:
                print(dumps(asdict(each)))
            else:
                show(each)
    except (CannotMake, NoPostgres) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(1) from None


def make_directory_ready(wanted: "SupervisorSettings") -> None:
    """Makes the gazetteer where there is none, and loads the numbers that come with us."""
    from rich.console import Console

    from bot.services.home import CannotMake, Home, Unusable

    home = Home(wanted.data, wanted.directory)
    try:
        with Console().status("Making the gazetteer of places, once: half a minute"):
            home.make_places()
    except CannotMake as error:
        print(f"Foothold can't start: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    try:
        home.bring_up_to_date()
    except Unusable as error:
        print(f"Visitors get the national numbers alone: {error}", file=sys.stderr)


def examine(wanted: "SupervisorSettings") -> None:
    """Stops a start that would be unsafe; of cautions it only says that there are some."""
    from bot.content import load
    from bot.content.hotlines import load_hotlines
    from bot.doctor import findings, here
    from bot.supervisor import CannotStart

    found = findings(here(wanted, load(), load_hotlines()))
    refused = [each.sentence for each in found if each.refused]
    if refused:
        raise CannotStart("\n".join(["It is not safe to start:", *refused]))
    if found:
        print(f"Before you open it to people: {len(found)} cautions. foothold doctor tells them.")


def kept_rows(wanted: "InternalSettings") -> "Rows | None":
    """Where sealed talks lie; None where nothing was ever kept."""
    from bot.rasa_server.sealed_rows import FILE, rows_at

    if not wanted.redis and not (wanted.data / FILE).exists():
        return None
    return rows_at(wanted.redis or str(wanted.data), wanted.idle_minutes * 60)


def interrupt_on_signals() -> None:
    """Makes a plain kill and a closed terminal end a command as Ctrl-C does."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    """Does what Ctrl-C does."""
    raise KeyboardInterrupt


def main() -> None:
    """Runs the command asked for; what stands in its way is said in one sentence."""
    from bot.settings import WrongSetting
    from bot.supervisor import CannotStart
    from bot.training import TrainingFailed

    try:
        app(prog_name="foothold")
    except (WrongSetting, CannotStart, TrainingFailed) as error:
        print(error, file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(f"Foothold had to stop: {error}.", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
