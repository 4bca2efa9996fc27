"""Runs in OpenFisca's own environment, never in kido's: generated variables over a population, answers into a file.

    PYTHON_OF_THAT_ENVIRONMENT openfisca_system.py FOLDER

FOLDER holds `job.json`, `variables.py` (the generated text) and one file of raw numbers per input.  Written into it:
`answers.bin`, one byte per answer, and `result.json`.  Called by `openfisca_peer.py`; nothing of kido is imported here.
"""

import json
import platform
import resource
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy
from openfisca_core import entities, periods, variables
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

PERIOD = periods.period("2026-11")


def system_of(text: str) -> TaxBenefitSystem:
    """A system of one entity and the variables of the text."""
    case = entities.SingleEntity("case", "cases", "A case", "")
    system = TaxBenefitSystem([case])
    names = {"Variable": variables.Variable, "MONTH": periods.MONTH, "Case": case}
    exec(compile(text, "variables.py", "exec"), names)
    for made in list(names.values()):
        if isinstance(made, type) and issubclass(made, variables.Variable) and made is not variables.Variable:
            system.add_variable(made)
    return system


def evaluate(system: TaxBenefitSystem, job: dict, inputs: dict) -> tuple[list, dict]:
    """All answers of a new simulation, and the seconds of each step; totals first, so that they are timed by themselves."""
    clock = [time.perf_counter()]
    simulation = SimulationBuilder.build_default_simulation(system, job["count"])
    for name, values in inputs.items():
        simulation.set_input(name, PERIOD, values)
    clock.append(time.perf_counter())
    processor = time.process_time()
    for name in job["totals"]:
        simulation.calculate(name, PERIOD)
    clock.append(time.perf_counter())
    answers = [simulation.calculate(name, PERIOD) for name in job["answers"]]
    clock.append(time.perf_counter())
    seconds = {name: after - before for name, before, after in zip(("inputs", "totals", "rules"), clock, clock[1:], strict=False)}
    return answers, seconds | {"processor": time.process_time() - processor}


def peak_mb() -> float:
    """Highest memory of this process; `ru_maxrss` of a child can be that of the process which started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    folder = Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    inputs = {name: numpy.fromfile(folder / name, dtype=kind) for name, kind in job["inputs"].items()}
    system = system_of((folder / "variables.py").read_text())
    times = []
    for _ in range(job["runs"]):
        answers = None  # the run before must not count in memory
        answers, seconds = evaluate(system, job, inputs)
        times.append(seconds)
    peak = peak_mb()
    numpy.array(answers, dtype=numpy.uint8).tofile(folder / "answers.bin")
    versions = {"OpenFisca-Core": version("OpenFisca-Core"), "numpy": version("numpy"), "Python": platform.python_version()}
    (folder / "result.json").write_text(json.dumps({"times": times, "memory": peak, "versions": versions}))


if __name__ == "__main__":
    main()
