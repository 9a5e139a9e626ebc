"""Run one benchmark, all of them, or write the page in the docs from their latest results."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from .machine import noise_warning
from .page import write_page
from .peers import make_environment
from .table import Report, print_report, save_report

NAMES = {
    "chunk": "bench_chunk",
    "stream": "bench_stream",
    "first_chunk": "bench_first_chunk",
    "concurrent": "bench_concurrent",
    "accumulate": "bench_accumulate",
    "big_event": "bench_big_event",
    "media_bytes": "bench_media_bytes",
    "media_forms": "bench_media_forms",
    "generation": "bench_generation",
    "import": "bench_import_time",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "name",
        choices=(*NAMES, "all", "page", "peers"),
        help="which benchmark; 'page' writes docs/benchmarks.md, 'peers' installs the packages we compare with",
    )
    name = parser.parse_args().name
    if name == "page":
        write_page(tuple(NAMES))
        return 0
    if name == "peers":
        make_environment()
        return 0
    for one in tuple(NAMES) if name == "all" else (name,):
        warning = noise_warning()
        if warning:
            print(warning, file=sys.stderr)
        report: Report = import_module(f".{NAMES[one]}", __package__).run()
        report.warning = warning
        print_report(report)
        save_report(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
