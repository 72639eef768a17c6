"""Words as they are compared across outlets: one form for what newsrooms spell, inflect or name differently.

``cease-fire`` and ``truce``, ``withdrew`` and ``pullout``, ``Kyiv`` and ``Kiev``, ``U.S.`` and ``American``, ``six``
and ``6`` say the same in two reports of one event. `forms` maps a word as printed to its forms with their shares: its
stem (Snowball, i.e. Porter 2; irregular verbs are first brought to their base) and, where it stands in a group of near
synonyms, that group, which is what counts most. A seat that stands for a power (``Moscow``, ``the Kremlin``) has both
names.

The lists are of the English of news in general: a closed class (irregular verbs, numerals), states with their demonyms
and seats, and groups of words for events. Words in several groups count less in each. They make pairs likelier; they
decide nothing, and words that stand in no list are compared by their stems.
"""

from __future__ import annotations

import functools
import re
import unicodedata

from analysis.coding.characters import fold
from analysis.coding.stems import stem_of

STOP = """
a about above across after afterwards again against ago all almost along already also although always am amid among
amongst an and another any anyone anything are aren't around as aside at away be became because become becomes been
before being below beside besides between beyond both but by can can't cannot could couldn't did didn't do does
doesn't doing don't down due during each either else especially etc even ever every everyone everything ex except few
for from further get gets getting give given go goes going got had hadn't has hasn't have haven't having he hence her
here hers herself him himself his how however i i'd i'll i'm i've if in indeed instead into is isn't it it'd it'll its
itself just kind least let like likely made make makes making many may me meanwhile might more moreover most mostly mr
mrs ms much must my myself namely near nearly neither never nevertheless no nor not now of off often on once only onto
or other others otherwise our ours ourselves out over own part per perhaps put puts putting quite rather re 's same
say saying says said she she'd she'll should shouldn't since so some somehow someone something sometimes soon still
such take taken takes taking than that the their theirs them themselves then there therefore these they they'd they'll
they're they've thing things this those though through throughout thus to together told tell tells too took toward
towards under unless until up upon us use very via was wasn't way we we'd we'll we're we've well were weren't what
whatever when where whereas whether which while who whoever whole whom whose why will with within without won't would
wouldn't yet you you'd you'll you're your yours yourself b d e f g h j k l m n o p q r s t u v w x y z ve ll
"""

# Words of every report: days, honorifics and offices, verbs of saying and thinking, measures. They count, but little.
WEAK = """
monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today yesterday tomorrow tonight
day week month year hour minute time morning evening night afternoon date january february march april june july august
september october november december percent million billion trillion thousand hundred bn m mn euro dollar pound
president minister leader chief head official officer spokesman spokeswoman spokesperson secretary chairman director
government authority ministry state country nation capital city region people person man woman member group party
announce declare add tell say state explain report accord note describe remark comment claim stress insist ask call
think believe know see want come look keep need try show find seem mean work include remain continue follow hold bring
new first last next late early good great big large small high low long short old main major several former current
recent previous different possible important clear sure able second third part number statement reporter news agency
press medium television
"""

IRREGULAR = """
arose arise|arisen arise|ate eat|beat beat|beaten beat|began begin|begun begin|bent bend|bet bet|blew blow|blown blow
bought buy|broke break|broken break|brought bring|built build|burnt burn|came come|caught catch|chose choose
chosen choose|cut cut|dealt deal|dug dig|drank drink|drove drive|driven drive|drew draw|drawn draw|fed feed|fell fall
fallen fall|felt feel|fled flee|flew fly|flown fly|forbade forbid|forbidden forbid|forgot forget|forgotten forget
fought fight|froze freeze|frozen freeze|gave give|grew grow|grown grow|heard hear|held hold|hid hide|hidden hide
kept keep|knew know|known know|laid lay|led lead|left leave|lent lend|lost lose|meant mean|met meet|overthrew overthrow
overthrown overthrow|paid pay|quit quit|ran run|rang ring|reelected reelect|rose rise|risen rise|sank sink|sunk sink
sat sit|sent send|shook shake|shaken shake|shot shoot|shrank shrink|shrunk shrink|shut shut|slain slay|slept sleep
sold sell|sought seek|spent spend|split split|spoke speak|spoken speak|sprang spring|stole steal|stolen steal
stood stand|struck strike|stricken strike|swept sweep|swore swear|sworn swear|swung swing|taught teach|threw throw
thrown throw|thought think|tore tear|torn tear|undertook undertake|understood understand|upheld uphold|went go|gone go
withdrew withdraw|withdrawn withdraw|withheld withhold|won win|wore wear|worn wear|wound wound|wrote write|written write
women woman|men man|children child|lives life|wives wife|died die|dying die|dies die|lying lie|tying tie|feet foot
people people|better good|best good|worse bad|worst bad|media medium|data data|crises crisis|analyses analysis
"""

# Near synonyms in reports of events, parted by bars. A group is named after its first word.
GROUPS = """
kill die death dead deadly fatal fatally fatality perish slay victim casualty toll lethal murder slaughter massacre |
corpse remains body bodies coffin | injure injury wound hurt maim casualty | survive survivor survival | bury burial
funeral grave | mourn grief grieve | attack assault strike raid bombard bombardment shell shelling bombing bomb pound
offensive onslaught storm airstrike | shoot gunfire shooting gunman gunmen gun rifle pistol | explode explosion blast
detonate detonation burst | destroy destruction flatten ruin wreck demolish raze devastate devastation gut | damage
harm batter cripple | collapse crumble cave | invade invasion incursion intrude | advance push gain | withdraw
withdrawal pullout pullback pull leave exit depart departure retreat evacuate evacuation vacate | troop soldier force
army military serviceman servicemen personnel unit fighter combatant | weapon arm missile rocket munition ammunition
arms armament armaments weaponry shells | ceasefire truce armistice cessation | peace peaceful peacefully | fight
fighting combat battle hostility hostilities clash skirmish | war conflict | border frontier boundary | annex
annexation seize seizure occupy occupation capture conquer incorporate grab overrun | negotiate negotiation negotiator
talk talks dialogue bargain discuss discussion | meet meeting summit conference gathering gather session forum convene
| agree agreement deal accord pact treaty arrangement contract | sign signature | offer proposal propose proposition
plan suggest suggestion initiative package blueprint scheme | demand condition term require requirement ultimatum
insist precondition stipulate | promise pledge vow commit commitment assure assurance guarantee swear | reject
rejection refuse refusal dismiss dismissal rebuff decline spurn snub rebuke brush | accept acceptance approve approval
endorse endorsement | allow permit permission let authorise authorisation licence | ban prohibit forbid bar outlaw
block prohibition veto | warn warning caution alert threaten threat | accuse accusation blame allege allegation |
criticise criticism condemn condemnation denounce slam lambast rebuke critic critical | deny denial refute | admit
acknowledge concede confess | support back backing backer supporter | help aid assist assistance relief | oppose
opposition opponent | rival competitor | resign resignation quit step | sack oust fire removal dismissed | appoint
appointment name nominate nomination | elect election vote ballot poll voter electoral | win victory triumph winner
victor | lose loss defeat beat | arrest detain detention custody apprehend | charge indict indictment | convict
conviction guilty | sentence jail imprison imprisonment prison term bars | court tribunal courtroom | judge justice
magistrate | lawyer attorney solicitor counsel barrister | trial prosecution prosecute prosecutor | appeal appellate |
investigate investigation probe inquiry enquiry examine examination inspect inspection investigator review | police
policeman officer constable detective cop | steal theft rob robbery loot burglary burglar thief thieves heist | fraud
swindle embezzle embezzlement scam | crime criminal offence | corrupt corruption bribe bribery graft | protest
demonstration demonstrate demonstrator protester rally march | walkout stoppage industrial | worker employee staff
workforce labour | job post position | wage pay salary payment | company firm business corporation enterprise group |
boss chief ceo executive manager head director leader | buy purchase acquire acquisition takeover | merge merger |
sell sale | share stock equity | shareholder investor | profit earnings | revenue turnover | cost price expense
expensive costly | money cash fund funds funding finance | rise increase raise climb grow growth jump surge soar hike
gain rally | fall drop decline decrease slump plunge shrink reduce reduction cut lower slide tumble fell | begin start
launch commence open kick | end finish stop halt cease conclude terminate | delay postpone postponement hold | cancel
scrap abandon shelve | resume restart reopen | build construct construction erect rebuild reconstruction | close shut
closure | house home residence dwelling flat apartment | flee escape displace displacement | refugee migrant asylum |
rescue save | hospital clinic ward | doctor physician medic surgeon | disease illness sick sickness ill ailment |
infect infection contagion contract | vaccine vaccinate vaccination jab immunise inoculate shot | drug medicine
medication pill | treat treatment therapy | child children kid youngster minor infant baby | pupil student schoolchild
| parent mother father | family relative kin loved | search hunt | missing disappear disappearance vanish lost | crash
accident collision collide | plane aircraft jet airliner | car vehicle automobile | truck lorry | ship vessel boat |
train rail railway railroad | flood flooding inundate deluge | storm hurricane typhoon cyclone tempest | wildfire
blaze flame fire burn | earthquake quake tremor | rain rainfall downpour | heat heatwave hot | cold freeze frost |
electricity power energy grid | oil petroleum crude | gas fuel petrol gasoline | outage blackout dark | scientist
researcher research | study survey analysis | expert specialist analyst academic | law legislation bill act statute |
parliament legislature lawmaker legislator mp deputy deputies | speech address remark | letter write written | return
repatriate repatriation handover hand | prisoner captive hostage captivity | free release liberate | apologise apology
sorry regret | guess estimate reckon | hope expect expectation | worry concern fear anxious afraid scared | anger
angry outrage fury furious | responsible responsibility blame liable | moral morally ethical | absurd ridiculous
nonsense ludicrous | final finally definitive permanent lasting durable enduring | resolution settlement solution
settle solve resolve | tragedy tragic sad catastrophe catastrophic disaster disastrous | true truth real really
genuine | fake sham bogus false phoney farce hoax | manipulate manipulation manipulative mislead misleading deceive
deception deceptive trick ploy ruse | immediate immediately instantly straightaway promptly swift swiftly quick
quickly rapid rapidly fast | alliance bloc coalition | ally partner friend | join membership accession enter entry
member | renounce relinquish surrender forgo forswear | recognise recognition | lift remove drop | sanction embargo
penalty penalise | limit restrict restriction curb cap | protect protection safeguard defend defence shield | secure
security safe safety safely | neutral neutrality nonaligned | nuclear atomic | expel expulsion eject | separate
separation | aim goal objective purpose intend intention | try attempt effort bid | influence sway | journalist
reporter | photo photograph picture image | film movie | game match | player footballer | coach trainer | champion
title trophy cup | huge enormous massive vast giant large big great | twice double | dangerous danger risk risky
hazard | invite invitation guest | travel trip visit journey tour | arrive arrival | hurry rush | stay remain | found
establish | legal lawful legally | illegal illegally unlawful | international global world worldwide | biggest largest
| smaller fewer | land territory | sea ocean coast coastal shore | river stream | town village settlement municipality
| mayor municipal | district region province area | neighbour neighbouring | foreigner foreign abroad overseas |
diplomat diplomacy diplomatic envoy ambassador emissary | embassy consulate mission | budget spending | tax taxation
levy | debt loan borrow borrowing credit lend lender | bank banking | economy economic | trade export import commerce
| customer client consumer buyer shopper | product goods | factory plant mill | farm farmer agriculture agricultural |
food hunger famine | poor poverty | rich wealthy | old elderly ageing | young youth | religion religious church faith
| race racial racism racist | women woman female girl | men man male boy | marry marriage wedding | birth born | age
aged | teach teacher school education | university college campus | music song sing singer | actor actress star |
author writer novelist book | win won earn award prize | season league | score goal | hack hacker cyberattack
intrusion breach | data information records | computer software | phone telephone mobile call | internet online web
website | technology tech | space orbit | rocket launcher | moon lunar | astronaut cosmonaut | land touch touchdown |
weather climate forecast forecaster meteorologist | temperature degree | emission pollution carbon | animal wildlife |
tree forest wood | disaster emergency crisis | shelter camp | important significant key crucial vital major |
difficult hard tough | simple easy | likely probable probably | clear obvious plain | certain sure | new fresh novel |
previous former earlier ex past | surprise unexpected surprising shock | secret covert clandestine hidden | show
reveal disclose unveil disclosure | hide conceal cover | discover find found detect | think believe consider | decide
decision choose choice opt | want wish desire seek | need necessary must | able capable | fail failure unsuccessful |
succeed success successful | change alter alteration | improve improvement better | worsen worse deteriorate | replace
substitute successor succeed | choose pick select | break smash shatter | cut sever | move transfer shift | carry bear
| send dispatch deliver | receive obtain get | give hand grant donate donation provide supply | take grab | keep
retain maintain preserve | pay compensate compensation reparation repay refund reimburse | control command rule
dominate dominance | govern government cabinet administration | authority authorities official | power powerful strong
strength | weak weakness | equal same | different difference | ask request call urge appeal plead | answer reply
respond response react reaction | follow pursue | lead leadership | order instruct instruction command decree | obey
comply compliance | dictate impose | prevent avert avoid | cause reason why | result outcome consequence effect |
claim assert assertion | argue argument contend | explain explanation | describe call label brand term | confirm
verify | insist maintain | complain complaint grievance | discredit undermine weaken | justify justification excuse
pretext | confuse confusion | bloodshed blood bloody | suffer suffering | violence violent | terror terrorist
terrorism militant extremist | rebel insurgent guerrilla | coup overthrow putsch topple | independence independent
sovereign sovereignty | integrity territorial | unity united unite | split divide division | mobilise mobilisation
conscription draft | front frontline | drone drones uav | tank armour | air aerial airspace | navy naval fleet warship
| command commander general | freeze frozen | pause break respite | partial partly | whole entire total full fully
complete completely | early soon shortly | late delayed overdue | slow slowly | almost nearly | single one | couple
pair two | crowd audience spectator | celebrate celebration cheer | honour tribute | guard security | motorway highway
road street | port harbour | roof rooftop | mountain hill highland | island isle | night overnight dawn | noon midday
| passenger commuter traveller | captain skipper | fine penalty | left leftist socialist | right rightwing | loyal
loyalty | traitor betray betrayal treason | rule regulation regulator watchdog regulate | inspector auditor audit |
pressure force coerce compel | persuade convince | encourage promote | plan intend | prepare preparation ready
readiness | practise exercise drill manoeuvre | hostile hostility enemy foe adversary | root origin source | basis
base foundation | core heart centre central | future ahead | history historic historical | citizen resident inhabitant
civilian people population | native local | speak talk spoke | outnumber shortage lack short scarce scarcity | enough
sufficient | extra additional further more | number amount | share portion part proportion | rate percentage
"""

STATES = """
us: usa america american | washington pentagon
uk: britain british briton | london
russia: russian | moscow kremlin
ukraine: ukrainian | kyiv kiev
china: chinese | beijing
france: french | paris
germany: german | berlin
italy: italian | rome
spain: spanish spaniard | madrid
poland: polish pole | warsaw
turkey: turkish turk türkiye turkiye | ankara
israel: israeli | jerusalem
palestine: palestinian | ramallah
iran: iranian | tehran
iraq: iraqi | baghdad
syria: syrian | damascus
egypt: egyptian | cairo
india: indian | delhi
pakistan: pakistani | islamabad
japan: japanese | tokyo
korea: korean | seoul pyongyang
canada: canadian | ottawa
mexico: mexican |
brazil: brazilian | brasilia
argentina: argentine argentinian | aires
venezuela: venezuelan | caracas
australia: australian | canberra
netherlands: dutch holland | hague
belgium: belgian |
switzerland: swiss | bern berne
austria: austrian | vienna
sweden: swedish swede | stockholm
norway: norwegian | oslo
finland: finnish finn | helsinki
denmark: danish dane | copenhagen
greece: greek | athens
hungary: hungarian | budapest
romania: romanian | bucharest
bulgaria: bulgarian | sofia
serbia: serbian serb | belgrade
belarus: belarusian belarussian | minsk
ireland: irish | dublin
portugal: portuguese | lisbon
czechia: czech | prague
afghanistan: afghan | kabul
yemen: yemeni | sanaa
lebanon: lebanese | beirut
philippines: filipino philippine | manila
thailand: thai | bangkok
vietnam: vietnamese | hanoi
europe: european eu | brussels
"""

# Spellings of one name or word.
SPELLINGS = """
kiev kyiv|kyyiv kyiv|zelensky zelenskyy|zelenskiy zelenskyy|zelenski zelenskyy|zaporozhye zaporizhzhia|peking beijing
zaporizhia zaporizhzhia|zaporizhzhya zaporizhzhia|lugansk luhansk|kharkov kharkiv|lvov lviv|odessa odesa|burma myanmar
nikolaev mykolaiv|chernigov chernihiv|dnepr dnipro|bombay mumbai|madras chennai|calcutta kolkata|gaddafi qaddafi
kadafi qaddafi|programme program|cheque check|tonne ton|tyre tire|grey gray|kerb curb|sulphur sulfur|defence defense
offence offense|licence license|pretence pretense
"""

NUMERALS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
# What a hyphen joins to one word (cease-fire, re-elect, pull-out); other compounds are compared part by part.
JOINED = "anti cease co counter hand mid non out over pre pull re stand step un under walk"

_NUMBERS = {word: str(value) for value, word in enumerate(NUMERALS.split())}
_NUMBERS |= {word: f"{ten}0" for ten, word in enumerate(TENS.split(), 2)} | {"dozen": "12"}
_STOP, _JOINED = frozenset(STOP.split()), frozenset(JOINED.split())
_SPELLED = (
    (re.compile(r"iz(e|ed|es|er|ers|ing|ation|ations)$"), r"is\1"),
    (re.compile(r"(?<=[a-z]{2})our(s|ed|ing|able|ite)?$"), r"or\1"),
    (re.compile(r"tre(s|d)?$"), r"ter\1"),
    (re.compile(r"(?<=[aeiou][a-z]e)ll(ed|ing|er|ers)$"), r"l\1"),
    (re.compile(r"(?<=[aeiou][a-z]{2}e)ll(ed|ing|er|ers)$"), r"l\1"),
)
_TO_SPELL = re.compile(r"iz|our|tre|ll")  # a word without any of these is spelt in one way
_DIGITS = re.compile(r"\d+(?:\.\d+)?")

# Shares of a word's forms: its stem where it has a group, all its groups together, each name of a seat, weak words.
STEM, GROUP, SEAT, WEAK_WORD = 0.3, 1.0, 0.6, 0.4

Forms = tuple[tuple[str, float], ...]


@functools.lru_cache(maxsize=1 << 19)  # the types of a large study, which are asked for story by story
def forms(printed: str) -> Forms:
    """The forms of a word as printed and their shares, from 0 to 1; stop words have none.

    Numbers begin with ``#``, groups with ``~``, states with ``@``.

    >>> forms("withdrew"), forms("10-year"), forms("U.S.")
    ((('withdraw', 0.3), ('~withdraw', 1.0)), (('#10', 1.0), ('year', 0.4)), (('@us', 1.0),))
    """
    word, capital = _bare(fold(printed)), printed[:1].isupper()
    if word == "us":
        return (("@us", 1.0),) if printed.isupper() else ()
    if word in _STOP:
        return ()
    if "-" not in word:
        return _forms(word, capital)
    parts = [part for part in word.split("-") if part]
    if parts and parts[0] in _JOINED:
        return _forms("".join(parts), capital)
    return tuple(dict(form for part in parts if part not in _STOP for form in _forms(part, capital)).items())


def stem(word: str) -> str:
    """The Snowball stem of a folded word: of one spelling, and of the base of irregular verbs."""
    word = _pairs("irregular").get(word, word)
    if _TO_SPELL.search(word):
        for pattern, other in _SPELLED:
            word = pattern.sub(other, word)
    return stem_of(word)


def _forms(word: str, capital: bool) -> Forms:
    if word in _NUMBERS:
        return ((f"#{_NUMBERS[word]}", 1.0),)
    if word[0].isdigit():
        digits = _DIGITS.match(word.replace(",", ""))
        return ((f"#{digits.group() if digits else word}", 1.0),)
    word = _pairs("spellings").get(word, word)
    root = stem(word)
    if capital and word in _pairs("states"):
        return ((_pairs("states")[word], 1.0),)
    if capital and word in _pairs("seats"):
        return (root, SEAT), (_pairs("seats")[word], SEAT)
    share = WEAK_WORD if root in _weak() else 1.0
    groups = _groups().get(root)
    if not groups:
        return ((root, share),)
    return (root, share * STEM), *((group, share * GROUP / len(groups)) for group in groups)


def _bare(word: str) -> str:
    """Without marks on letters, and without the periods of acronyms."""
    if not word.isascii():
        plain = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
        word = plain or word
    return word.replace(".", "") if not word[0].isdigit() else word.rstrip(".")


@functools.cache
def _weak() -> frozenset[str]:
    return frozenset(stem(word) for word in WEAK.split())


@functools.cache
def _groups() -> dict[str, tuple[str, ...]]:
    """Stem → its groups, each named after its first word."""
    found: dict[str, dict[str, None]] = {}
    for group in GROUPS.replace("\n", " ").split("|"):
        words = group.split()
        for word in words:
            found.setdefault(stem(word), {})[f"~{words[0]}"] = None
    return {root: tuple(names) for root, names in found.items()}


@functools.cache
def _pairs(name: str) -> dict[str, str]:
    """A list of this file as a mapping: irregular, spellings, states (with demonyms) or seats."""
    if name in ("irregular", "spellings"):
        listed = IRREGULAR if name == "irregular" else SPELLINGS
        return dict(pair.split() for pair in listed.strip().replace("\n", "|").split("|"))
    found: dict[str, str] = {}
    for line in STATES.strip().splitlines():
        state, rest = line.split(":")
        peoples, seats = rest.split("|")
        for word in [state, *peoples.split()] if name == "states" else seats.split():
            found |= {word: f"@{state}", f"{word}s": f"@{state}"}
    return found
