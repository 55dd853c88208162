"""Who does many things at once: this process alone, several on this machine, or a cluster of machines.

What is to be done is a plain function of plain values, as any ``concurrent.futures.Executor`` takes them: of what is
common to all tasks, which is large and reaches each process once, and of a task, which is small.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from inforce.errors import SurroundingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    Common = TypeVar("Common")
    Given = TypeVar("Given")
    Made = TypeVar("Made")

    Doing = Callable[[Callable[..., Any], Any], Future[Any]]
    """Has some work done for a task, with what is common to all."""

DASK = "dask://"


_common: Any = None
"""In other processes: what is common to all tasks."""


def done(
    work: Callable[[Common, Given], Made], common: Common, tasks: Sequence[Given], jobs: int, cluster: str = ""
) -> Iterator[tuple[Given, Made]]:
    """Do some work for each task, with what is common to all of them, and give what came of it as it comes.

    `cluster` is the address of a Dask scheduler, ``dask://HOST:PORT``; without one, up to so many processes work here.
    Raises SurroundingsError where a process or the cluster is lost, and what the work itself raises.
    """
    if not cluster and (jobs == 1 or len(tasks) <= 1):
        yield from ((task, work(common, task)) for task in tasks)
        return
    from concurrent.futures import BrokenExecutor, CancelledError, as_completed

    with _cluster(cluster, common) if cluster else _processes(min(jobs, len(tasks)), common) as do:
        futures = {do(work, task): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
        except (BrokenExecutor, CancelledError):
            remedy = "See whether the machine has run out of memory; --jobs 1 needs the least."
            raise SurroundingsError("a process that made pages was ended from outside", remedy) from None
        finally:
            for future in futures:
                future.cancel()


@contextmanager
def _processes(number: int, common: object) -> Iterator[Doing]:
    """Processes of this machine. One that was forked has what is common already."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # A fork begins with all that is loaded already; macOS forbids it to programs that use its frameworks.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    others = set(multiprocessing.active_children())
    with ProcessPoolExecutor(number, context, _begin, (common,)) as executor:
        try:
            yield lambda work, task: executor.submit(_done, work, task)
        except BaseException:  # nobody waits for what the others would still make
            for process in set(multiprocessing.active_children()) - others:
                process.terminate()
            raise


def _done(work: Callable[[Any, Any], Any], task: object) -> Any:  # noqa: ANN401 # pragma: no cover - in other processes
    return work(_common, task)


def _begin(common: object) -> None:  # pragma: no cover - in other processes
    """Let Ctrl-C end a process at once: the one that started it says what there is to say. None outlives that one."""
    import threading

    global _common  # noqa: PLW0603 - a process of its own has no other place that its tasks know
    _common = common
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_the_first, daemon=True).start()


def _end_with_the_first() -> None:  # pragma: no cover - in other processes
    from multiprocessing import connection, parent_process

    first = parent_process()
    if first:
        connection.wait([first.sentinel])
        os._exit(1)


@contextmanager
def _cluster(address: str, common: object) -> Iterator[Doing]:
    """The workers of a Dask cluster."""
    try:
        from distributed import Client
    except ImportError:
        what = "Dask is not installed, and --executor names a cluster of it"
        raise SurroundingsError(what, "Install it: pip install 'inforce[dask]'.") from None
    try:  # pragma: no cover - by the tests marked cluster
        client = Client(f"tcp://{address.removeprefix(DASK)}", timeout=10)
    except (OSError, ValueError) as error:  # pragma: no cover - the same
        what = f"there is no Dask scheduler at {address}: {error}"
        raise SurroundingsError(what, "Write the address that it says when it starts: dask://10.0.0.1:8786.") from None
    with client, client.get_executor(pure=False) as executor:  # pragma: no cover - the same
        everywhere = client.scatter(common, broadcast=True, hash=False)
        yield lambda work, task: executor.submit(work, everywhere, task)
