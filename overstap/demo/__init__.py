"""Synthetic data: one believable regio (`demo`) and a whole country (`genereer`), from one generator.

Invented schools, instellingen and persons only. `verloop` knows how a year goes, `rijen` turns it into rows, `bouwen` and
`land` write them; `controleer_statussen` and tests/demo prove that what is written obeys the rules of `statuses`.
"""
