"""What a word is to the rules of attribution: one letter for each word type, so that rules read short strings.

A sentence becomes a string of tags, one a word and one a mark of punctuation (``“We go,” said Ann Lee, the mayor.`` is
``QVNN,Dr``). Closed classes are listed here; cues come from a codebook; a word that is neither is a name where it is
written with a capital and a plain word elsewhere. There is no model and nothing is guessed from other texts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from analysis.coding.given import FEMALE, MALE, lexicon

# The tags. Capitals are what matters most to the rules.
NAME, TITLE, ROLE, PLAIN, PARTICIPLE = "N", "T", "r", "j", "e"
DETERMINER, SUBJECT, OBJECT, NUMBER, CLITIC = "D", "H", "h", "#", "s"
PREPOSITION, INCLUDING, OF, TO, AS, AND, BUT = "p", "I", "o", "t", "a", "c", "b"
THAT, WH, IF, SUBORDINATOR = "w", "W", "i", "L"
AUXILIARY, NOT, ADVERB, DAY, VERB = "X", "n", "R", "F", "v"
CUE, CUE_BASE, CUE_ING, CUE_NOUN, ACCORDING = "V", "B", "G", "K", "A"
QUOTE = "Q"

_CLOSED = {
    DETERMINER: """the a an this these those his her its their our my your some many most several both all each another
        any no every few such other one more less""",
    SUBJECT: "he she they we i you it",
    OBJECT: "him them us me himself herself itself themselves",
    NUMBER: """two three four five six seven eight nine ten eleven twelve dozens hundreds thousands million billion
        trillion""",
    CLITIC: "'s s",
    PREPOSITION: """in on at by for with from about during over under between among against through into toward towards
        within without across behind beyond near since upon via per around inside outside above below despite amid
        amidst like off out up down regarding concerning following given""",
    INCLUDING: "including",
    OF: "of",
    TO: "to",
    AS: "as",
    AND: "and or nor &",
    BUT: "but yet",
    THAT: "that",
    WH: "who which whom whose what where why how",
    IF: "if whether",
    SUBORDINATOR: "because while although though after before until unless when once whereas so than provided lest",
    AUXILIARY: """is are was were be been being am has have had having do does did will would can could may might must
        shall should ought cannot isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't wouldn't
        can't couldn't mightn't mustn't shouldn't it's he's she's they're we're you're i'm that's there's i've they've
        we've you've he'd she'd they'd i'd i'll he'll she'll they'll we'll it'll 're 've 'd 'll 'm""",
    NOT: "not never n't",
    ADVERB: """also then later again still now recently earlier today too even just only once already soon often
        sometimes always long further instead perhaps maybe however meanwhile moreover nevertheless nonetheless
        therefore thus indeed though there here first last yesterday tonight tomorrow ago back almost
        very rather quite twice far well together alone elsewhere afterward afterwards overnight
        additionally furthermore lastly finally likewise otherwise""",
    DAY: """monday tuesday wednesday thursday friday saturday sunday mondays january february april june july august
        september october november december jan feb mar apr jun jul aug sept oct nov dec yesterday today tonight""",
    ACCORDING: "according",
    # Common verbs that report nothing: where one stands, no subject of a cue reaches over it.
    VERB: """went came made took got began rose fell gained lost won gave kept held met left ran sat stood became
        brought built bought sold sent spent paid cut hit set led grew drew broke saw heard knew got remains remained
        makes takes gives goes comes gets seems seemed appears appeared includes included plans wants wanted
        needs needed continues continue tried tries looks looked works worked plays played lived dropped
        climbed jumped closed opened ended started led slipped surged plunged helped means meant turned moved
        provides provided requires faces faced owns owned runs holds keeps leads follows followed shows sat
        served serves joined used visited arrived returned traded increased decreased declined received
        happened died killed injured arrested""",
}
# Nouns for people who speak; plural too. They tell an apposition from a clause, and a person from a thing.
ROLES = lexicon(
    """
    adviser advisor aide agent ambassador analyst anchor archbishop architect artist attorney author banker
    biologist bishop boss broker candidate captain ceo chair chairman chairperson chairwoman chancellor chief chef
    coach columnist commander commentator commissioner congressman congresswoman consultant coordinator coroner
    counsel councillor councilman councilwoman counselor critic dealer dean defendant delegate deputy designer
    detective developer diplomat director doctor economist editor engineer envoy executive expert farmer father
    firefighter founder governor head historian host inspector investigator investor journalist judge justice
    landlord lawmaker lawyer leader lecturer legislator lieutenant lobbyist magistrate maker manager mayor
    mechanic member minister mother musician negotiator neighbor neighbour nurse officer official operator
    organiser organizer owner parent partner pastor physician physicist pilot player police politician premier
    president priest principal producer professor prosecutor psychologist publisher receptionist reporter
    representative republican democrat resident researcher retailer salesman scholar scientist secretary senator
    sergeant sheriff singer skipper solicitor source specialist speaker spokesman spokesperson spokeswoman staffer
    strategist striker student superintendent supervisor supporter surgeon survivor teacher technician tenant
    trader trainer treasurer trustee veteran victim villager volunteer winner witness worker writer goalkeeper
    midfielder quarterback pitcher activist actor actress campaigner climatologist curator ecologist
    epidemiologist geologist meteorologist astronomer chemist archaeologist linguist mathematician sociologist
    virologist zoologist brother sister son daughter wife husband man woman person people friend colleague board
    committee company council court department firm government group ministry office agency authorities union
    commission
    """
)
BODIES = lexicon(
    """
    board committee company council court department firm government group ministry office agency authorities
    union commission police people
    """
)
_NAMES_TOO = ("may", "mar", "sun", "sat", "us")  # with a capital
_TITLES = lexicon(
    """
    mr mrs ms miss dr prof sir dame lord lady president vice-president minister premier chancellor secretary
    secretary-general governor gov senator sen rep representative congressman congresswoman mayor judge justice
    general gen colonel col major maj captain capt lieutenant lt sergeant sgt admiral adm chief director chairman
    chairwoman ambassador spokesman spokeswoman spokesperson king queen prince princess pope bishop archbishop
    cardinal father rev reverend rabbi imam sheikh officer detective inspector commissioner attorney coach
    professor doctor councilman councilwoman councillor cllr speaker prosecutor superintendent treasurer economist
    analyst messrs executive commander deputy sheriff supt leader adviser ceo
    """
)
MEN = frozenset(["mr", "sir", "lord", "king", "prince", "father", "congressman", "councilman", "spokesman", "chairman"])
WOMEN = lexicon("mrs ms miss dame lady queen princess congresswoman councilwoman spokeswoman chairwoman")
_CLOSED[NAME] = "van von der bin ibn del"  # inside names, written small
_TAG_OF = {word: tag for tag, words in reversed(_CLOSED.items()) for word in words.split()}
# Forms that some list has: of any other word how it is written tells the tag.
LISTED = frozenset({*_TAG_OF, *_TITLES, *ROLES, *(f"{role}s" for role in ROLES), "may", "mar", "sun", "sat", "us"})
_NOT_ADVERBS = lexicon(
    "family company assembly supply reply july italy ally early daily only likely elderly friendly anomaly"
)
_NOT_PARTICIPLES = lexicon("need feed seed weed deed bred shed sped speed breed indeed hundred sacred greed")
_PARTICIPLE = re.compile(r"(?:[^aeiou]ed|[aeiou]ed|ied)$")


@functools.lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    """The form under which a word is looked up: small letters, straight apostrophes, no last period."""
    word = word.lower().replace("’", "'")
    return word[:-1] if word[-1:] == "." and len(word) > 1 else word


def letters(tags: str) -> np.ndarray:
    """bool, by code of ASCII: whether a tag is one of some; for loops over tags. Code 0 (no tag) is none."""
    table = np.zeros(128, np.bool_)
    table[np.frombuffer(tags.encode("ascii"), np.uint8)] = True
    return table


def codes(tags: Iterable[str]) -> np.ndarray:
    """uint8, the code of each tag."""
    return np.frombuffer("".join(tags).encode("ascii"), np.uint8)


def closed_tag(form: str) -> str | None:
    """The tag of a word of a closed class, else None."""
    return _TAG_OF.get(form)


def listed_as(tags: Collection[str]) -> frozenset[str]:
    """The words of some closed classes, that is, those that `closed_tag` gives one of these tags."""
    return frozenset(word for word, tag in _TAG_OF.items() if tag in tags)


def tags_of(raw: list[str], cue_tags: dict[str, str]) -> tuple[list[str], list[str]]:
    """Two tags for each raw type: inside a sentence, and as its first word (where a capital says nothing).

    Args:
        cue_tags: the tag (CUE, CUE_BASE, CUE_ING, CUE_NOUN) of each form of a cue, by `key`.
    """
    words = pa.array(raw, pa.large_string())
    first = pc.utf8_slice_codeunits(words, 0, 1)
    inside = np.full(len(raw), PLAIN)
    inside[_where(pc.ascii_is_upper(first))] = NAME
    inside[_where(pc.ascii_is_decimal(first))] = NUMBER
    at_start = inside.copy()
    # Most types are in no list and have no ending that tells: their first letter says what they are.
    told = np.flatnonzero(_where(_is_told(words, cue_tags)))
    both = [_tags(raw[at], cue_tags.get(key(raw[at]))) for at in told.tolist()]
    inside[told], at_start[told] = [tag for tag, _ in both], [tag for _, tag in both]
    return inside.tolist(), at_start.tolist()


def _is_told(words: pa.Array, cue_tags: dict[str, str]) -> pa.Array:
    """Whether more than a word's first letter tells its tag: a list, an ending, or a character that `key` changes."""
    small = pc.ascii_lower(words)
    listed = pa.array({*_TAG_OF, *_TITLES, *ROLES, *(f"{role}s" for role in ROLES), *_NAMES_TOO, *cue_tags}, small.type)
    found = pc.or_(pc.is_in(small, listed), pc.invert(pc.string_is_ascii(words)))
    for ending in ("ly", "ed", "men"):
        found = pc.or_(found, pc.ends_with(small, ending))
    return pc.or_(found, pc.match_substring(words, "."))


def _where(held: pa.Array) -> np.ndarray:
    return held.to_numpy(zero_copy_only=False)


def tag_of(word: str, cue_tags: dict[str, str]) -> str:
    """The tag of one raw type inside a sentence (see `tags_of`)."""
    return _tags(word, cue_tags.get(key(word)))[0]


@functools.lru_cache(maxsize=1 << 16)  # several tables ask for the tags of the same types
def _tags(word: str, cue: str | None) -> tuple[str, str]:
    form = key(word)
    capital = word[0].isupper()
    closed = _TAG_OF.get(form)
    small = (cue or closed) if closed in (None, VERB) else closed
    small = small or _small_tag(form)
    if word[0].isdigit():
        return NUMBER, NUMBER
    if not capital:
        return small, small
    if form in _TITLES:
        return TITLE, TITLE
    if form in _NAMES_TOO and form != word:
        return (NAME, small) if form == "us" or form == "may" else (NAME, NAME)
    if word.isupper() and len(word) > 1 and word != "I":
        return NAME, NAME
    if form in _TAG_OF:
        return (NAME if form in MALE or form in FEMALE or small == ADVERB else small), small
    # A capital inside a sentence makes a name of any other word, at its start only of one that is not known.
    return NAME, small if cue or small in (ROLE, ADVERB) else NAME


@functools.lru_cache(maxsize=1 << 16)
def _small_tag(form: str) -> str:
    """The tag of a word that is in no closed list and is no cue, after how it ends."""
    if is_role(form):
        return ROLE
    if form.endswith("ly") and len(form) > 4 and form not in _NOT_ADVERBS:
        return ADVERB
    if _PARTICIPLE.search(form) and len(form) > 3 and form not in _NOT_PARTICIPLES:
        return PARTICIPLE
    return PLAIN


def is_role(form: str) -> bool:
    """Whether a word names somebody by what they do: ``spokesman``, ``officials``, ``attorneys``."""
    if form in ROLES or (form[-1:] == "s" and form[:-1] in ROLES):
        return True
    return form.endswith("men") and form[:-3] + "man" in ROLES


def is_title(word: str) -> bool:
    """Whether a word stands before a person's name: ``Mr.``, ``President``."""
    return key(word) in _TITLES
