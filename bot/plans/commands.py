"""`foothold plan`: a situation in a file becomes a plan, in a form to read or to take away."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

EXAMPLE = """\
What a file may hold, all of it optional; a list of facts means that each is so:

\b
  language: en                   # or es
  country: US
  facts: {children: yes, lives_together: yes, monitored_phone: unknown}
  signs: {strangled: yes}        # as in: foothold assess
  priorities: [first_children]
  parts: [pets]                  # parts to add that do not fit by themselves
  keep: [contacts_hotline]       # left out: everything that fits
  leave_out: [contacts_neighbour]
  done: [code_word_for_help]
  own: [{kind: person, words: Marigold from work}]
  reminder: {on: 2027-01-31, at: "18:00", words: Water the plants, repeats: monthly}

\b
  foothold plan situation.yml
  foothold plan situation.yml --format pdf --out notes.pdf
  foothold plan - --format json < situation.json
"""


def plan(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A situation in JSON or YAML; - is standard input."),
    ],
    form: Annotated[
        Literal["text", "json", "pdf", "ics"], typer.Option("--format", help="What comes out.")
    ] = "text",
    out: Annotated[
        Path | None, typer.Option(help="The file to write; else standard output.")
    ] = None,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password that locks the PDF.")
    ] = False,
) -> None:
    """Make a plan for a situation: tailored, in order, with conflicts flagged. For staff."""
    from json import dumps

    from bot.assessing.problems import WrongSheet
    from bot.content import load
    from bot.plans.forms import Form, made_in
    from bot.plans.sheet import load_plan

    content = load()
    try:
        sheet = load_plan(file, content.outline.catalogue)
    except WrongSheet as wrong:
        machine = form == "json"
        print(dumps(wrong.for_machines(), indent=2) if machine else wrong, file=sys.stderr)
        raise typer.Exit(2) from None
    secret = typer.prompt("Password", hide_input=True, err=True) if password else ""
    made = made_in(content, sheet, Form(form), secret)
    if out is None:
        sys.stdout.buffer.write(made)
        return
    try:
        out.write_bytes(made)
    except OSError as error:
        print(f"{out} can't be written: {error.strerror}.", file=sys.stderr)
        raise typer.Exit(2) from None
