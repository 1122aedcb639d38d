"""The kernel is made ready in the background, once."""

import pytest

from pages.parts.kernel import warm_kernel

pytestmark = pytest.mark.integration


def test_the_kernel_is_warmed_once_and_off_the_page() -> None:
    thread = warm_kernel()
    assert thread.daemon
    assert warm_kernel() is thread
    thread.join(120)
    assert not thread.is_alive()
