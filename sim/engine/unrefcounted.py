"""Arrays that compiled functions pass on without counting who uses them.

numba counts an array in and out of use, by an atomic instruction each, wherever it is passed or sliced: for
each series and replication that would cost more than the work of a small clinic.
"""

from typing import Any

from numba import config
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array


def _unrefcounted(typing_context: Any, array: Any) -> Any:
    """The same array, not counted: whoever calls must hold the array for as long as this is used."""

    def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        made = make_array(signature.return_type)(context, builder, args[0])
        made.meminfo = cgutils.get_null_value(made.meminfo.type)
        made.parent = cgutils.get_null_value(made.parent.type)
        return made._getvalue()

    return array(array), generate


def _itself(array: Any) -> Any:
    return array


# where the compiler is switched off, to look into the kernel as plain Python, an array stands for itself
unrefcounted: Any = _itself if config.DISABLE_JIT else intrinsic(_unrefcounted)  # type: ignore[attr-defined]
