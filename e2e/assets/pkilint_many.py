"""Many questions to pkilint in one process, for its start takes longer than its work.

Each line on standard input is a JSON array: one of pkilint's programs and its arguments. Each line on standard output is a JSON
array: the program's exit code, and all that it said.
"""

import contextlib
import importlib
import io
import json
import sys

for line in sys.stdin:
    program, *arguments = json.loads(line)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = importlib.import_module(f"pkilint.bin.{program}").main(arguments)
        except SystemExit as end:
            code = end.code
    print(json.dumps([code, said.getvalue()]), flush=True)
