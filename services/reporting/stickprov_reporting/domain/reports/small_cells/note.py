"""What a report says of the numbers that it leaves out, and why."""

from stickprov_contracts.http.reports import Block, Heading, Paragraph
from stickprov_reporting.domain.reports.withheld import SIGN
from stickprov_reporting.domain.reports.writing import Writer


def about_small_numbers(below: int, writer: Writer, *, any_left_out: bool) -> list[Block]:
    """Return the note; it tells no more than the limit and whether anything is left out."""
    say = writer.say
    why = say(
        f"Små tal visas inte, så att ingen ska kunna kännas igen i en liten grupp. Färre än {below} med en anmärkning, "
        f"ett svar, övertäckning eller bortfall prickas ({SIGN}). Det gäller också tal som visar att färre än {below} "
        f"saknar det, och allt utfall i grupper med färre än {below} granskade, även noll.",
        f"Small numbers are not shown, so that nobody can be recognised in a small group. Fewer than {below} with a "
        f"remark, an answer, over-coverage or non-response are replaced by two dots ({SIGN}). So are numbers that show "
        f"that fewer than {below} lack it, and every outcome of groups with fewer than {below} reviewed, zeros as "
        "well.",
    )
    more = say(
        "Andra tal är prickade för att de små inte ska kunna räknas fram; ett prickat tal behöver alltså inte vara "
        "litet. Andelar, medelvärden, konfidensintervall, jämförelser med tolerans eller mål och hela tabeller som "
        "bygger på prickade tal är utelämnade. Hur många som finns, har dragits och har granskats visas alltid. "
        "Texter som människor har skrivit står som de skrevs.",
        "Other numbers are left out lest the small ones could be worked out, so a number that is left out need not be "
        "small. Shares, means, confidence intervals, comparisons with a tolerance or goal, and whole tables that are "
        "made of numbers left out, are left out too. How many there are, were drawn and were reviewed is always shown. "
        "Texts that people wrote stand as they were written.",
    )
    nothing = say("Inget tal har behövt utelämnas.", "No number had to be left out.")
    texts = [why, more] if any_left_out else [why, nothing]
    heading = Heading(level=1, text=say("Små tal visas inte", "Small numbers are not shown"))
    return [heading, *(Paragraph(text=text, tone="note") for text in texts)]
