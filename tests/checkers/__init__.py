"""What independent checkers say of built sites: HTML, CSS, links, accessibility.

`python -m tests.checkers SITE ...` runs them all and prints what they found; the exit status is 1 if it is anything.
They are brought by `npm ci` in .ci/ and by .ci/requirements-check.txt; Java runs the Nu HTML checker, Chromium runs
axe and Lighthouse.
"""
