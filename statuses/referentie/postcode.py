"""The gemeente of a postcode: an estimate for a file that has no gemeentecode (new postcodes are not known)."""

import re
from collections.abc import Iterable

from accounts.models import Gemeente
from statuses.models import Postcode4


def postcode4(postcode: str) -> str:
    """The four digits of a postcode as people write it ("1011 ab"); empty when it is none."""
    gevonden = re.fullmatch(r"([1-9][0-9]{3})(?:[A-Z]{2})?", re.sub(r"\s+", "", postcode).upper())
    return gevonden[1] if gevonden else ""


def gemeente_bij_postcode(postcode: str) -> Gemeente | None:
    """The gemeente in which this postcode (or postcode4) lies, or None when that is not known."""
    gevonden = Postcode4.objects.select_related("gemeente").filter(postcode4=postcode4(postcode)).first()
    return gevonden.gemeente if gevonden else None


def gemeentecodes_bij_postcodes(postcodes: Iterable[str]) -> dict[str, str]:
    """For a whole file in one query: postcode as given -> gemeentecode; a postcode that is not known is left out."""
    vier = {postcode: postcode4(postcode) for postcode in set(postcodes)}
    codes = dict(Postcode4.objects.filter(postcode4__in=set(vier.values())).values_list("postcode4", "gemeente_id"))
    return {postcode: codes[cijfers] for postcode, cijfers in vier.items() if cijfers in codes}
