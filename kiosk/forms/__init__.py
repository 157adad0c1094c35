"""Forms: the official element complaints (要素式起诉状) as data, and the engine that asks them.

A form is a spreadsheet in a strict subset of XLSForm (https://xlsform.org) with `court::` columns beside it. `load`
reads it, `evaluate` says which questions to ask and what is missing, and nothing here ever refuses an answer: the
registration rules (登记立案规定 arts. 2 and 7) allow a correction list, not a refusal.
"""
