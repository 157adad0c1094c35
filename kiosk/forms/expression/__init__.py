"""The expression language of forms: a closed subset of the XPath used in XLSForm, over Decimal.

What is in it: `${name}`, `.`, `position(..)`, string and number literals, `+ - * div mod`, `= != < <= > >=`, `and`,
`or`, and the functions of `syntax.Function`. Types are checked when a form is loaded, so that a form that loads cannot
fail while somebody fills it in.

How empty answers behave (an answer is empty when it was not given, or when its question is not relevant):

- `${x} = ''` is true, `${x} != ''` false; `=` with anything else is false and `!=` true;
- `<`, `<=`, `>`, `>=` with an empty side are false;
- arithmetic with an empty side is empty, and so is a division by zero or a number beyond 28 digits;
- `sum` adds what is there and is 0 for nothing; `count` counts instances, filled in or not;
- `coalesce` gives the first argument that is not empty; `concat` takes empty as no text;
- `string-length('')` and `count-selected` of nothing are 0; `selected` and `regex` of nothing are false;
- `round` and `number` of nothing are empty. `round` rounds halves towards positive infinity, as XPath does.

XPath itself differs in two places, on purpose: it has no empty number (it has NaN, for which even `=` is false), and it
lets one empty amount spoil a whole `sum`.
"""
