"""In: a page as characters, and where its gold stands. Out: the same damaged, by a module of stressors per family.

Not here: what a stressor is, and the check that the gold is still shown. Each module comes through the entry points
`boilerbench.stressors`, as those of other distributions.
"""
