"""Common given names, by the pronoun they take, and words that make a run of capitals no person."""

from __future__ import annotations


def lexicon(words: str) -> frozenset[str]:
    """The words of a string, as a set for look-up."""
    return frozenset(words.split())


MALE = lexicon(
    """
    aaron abdul abraham adam ahmed alan albert alejandro alex alexander alexei alfred ali allan allen andre andrea
    andrei andres andrew andrey angelo anthony anton antonio antony arnold arthur barack barry ben benjamin
    bernard bernie bill billy bob bobby boris brad bradley brandon brendan brian bruce bryan byron calvin cameron
    carl carlos cecil cedric chad charles charlie chester chris christian christopher chuck clarence claude clay
    clifford clint clive colin conrad craig curtis cyrus dale dan daniel darren dave david dean dennis derek diego
    dick dmitri dmitry dmytro dominic don donald donny doug douglas duncan dwight earl ed eddie edgar edmund
    eduardo edward edwin eli elliott elon emmanuel enrique eric erik ernest eugene evan felix fernando floyd
    francesco francis francisco frank franklin fred frederick gabriel gareth gary gavin gene geoff geoffrey george
    gerald gerard gilbert giovanni glen glenn gordon graham grant greg gregory guillermo gustavo guy hamid hans
    harold harry harvey hassan hector henry herbert herman hiroshi howard hugh hugo ian ibrahim igor isaac ivan
    jack jacob jacques jake james jamie jan jared jason javier jay jean jeff jeffrey jens jeremy jerome jerry
    jesse jim jimmy joe joel johan john johnny jon jonathan jordan jorge jose joseph josh joshua juan julian julio
    justin karl keith ken kenneth kenny kent kevin khalid kofi kurt kyle lance larry lars laurence lawrence lee
    leo leon leonard lester lewis lindsey lloyd lorenzo louis luis luke malcolm manuel marc marcel marco marcus
    mario mark marshall martin marty marvin mathew matt matthew maurice max melvin michael michel miguel mike
    mikhail milton mitch mitchell mohamed mohammad mohammed muhammad murray mykhailo nathan nathaniel neal neil
    nelson nicholas nick nicolas nigel noah noel norman oleg oleksandr oleksii oliver omar oscar otto owen pablo
    pat patrick paul pedro perry peter petro phil philip philippe phillip pierre rafael ralph ramon randall randy
    raul ray raymond reginald rex ricardo richard rick ricky rob robert roberto rodney rodrigo roger roland ron
    ronald ross roy ruben rudy rupert russell ryan salvador sam samuel santiago scott sean sebastian sergei sergey
    sergio seth shane shaun shawn sidney simon spencer stan stanley stefan stephen steve steven stewart stuart
    takashi ted terence terrence terry theodore thomas tim timothy toby todd tom tommy tony travis trevor tyler
    valentin vasily vernon victor viktor vincent vitali vladimir volodymyr wallace walter warren wayne wesley
    wilbur wilfred will william willie winston woodrow xavier yevgeny yitzhak yusuf zachary sergiy andriy rishi
    narendra recep benjamin olaf joao luiz javier hakan per sven lars antony wang li
    """
)
FEMALE = lexicon(
    """
    abigail adele adriana agnes alexandra alice alicia alison allison amanda amber amelia amina amy ana andrea
    angela angelina anita ann anna anne annette annie april ariana ashley aung audrey barbara beatrice bella
    bernadette beth bethany betty beverly bonnie brenda bridget brittany camilla candace carla carmen carol carole
    caroline carolyn carrie catherine cathy cecilia charlotte cheryl chloe christina christine cindy claire clara
    claudia colleen connie courtney crystal cynthia daisy dana danielle deborah debra denise diana diane dolores
    donna dora doris dorothy edith eileen elaine eleanor elena elisabeth elizabeth ella ellen emily emma erica
    erin esther eva evelyn fatima fiona florence frances gabriela gail geraldine gina giorgia gladys gloria grace
    greta hannah hazel heather helen helena hillary holly irene iris isabel isabella jacqueline jane janet janice
    jean jeanne jenna jennifer jenny jessica jill jo joan joanna joanne josephine joy joyce judith judy julia
    juliana julie june kamala karen karin kate katherine kathleen kathryn kathy katie kelly kim kimberly kristen
    kristin kristina laura lauren leila lena leslie liliana lillian linda lisa liz lois lorraine louise lucia lucy
    lydia lynn madeleine madison maggie margaret maria marian marie marilyn marina marine marion marjorie marta
    martha mary maureen megan melanie melissa meredith michelle mildred miriam moira molly monica nadia nancy
    naomi natalia natalie natasha nicola nicole nina nora norma olga olivia pamela patricia paula pauline penelope
    penny petra phyllis rachel rebecca regina renee rita roberta rosa rose rosemary roxana ruth sabrina sally
    samantha sandra sara sarah shannon sharon sheila shirley silvia simone sofia sonia sophia sophie stacy stella
    stephanie sue susan suzanne svetlana sylvia tamara tanya tatiana teresa thelma theresa tina tracy ursula
    valentina valerie vanessa vera veronica victoria viola virginia vivian wanda wendy yolanda yuki yulia yvonne
    zoe oksana iryna liz theresa nikki elise priya aisha mei ursula annalena kaja sanna jacinda
    """
)
# Of these, the surnames: behind a given name they make a person of it (Lou Hall).
SURNAMES = lexicon(
    """
    hall lake west street park hill house church post wall london white france ireland england holland north east
    power force justice bay beach stock israel houston wales norway valley river banks trust data
    """
)
# A run of capitals with one of these is a body, a place or a thing.
NO_PERSON = lexicon(
    """
    academy act administration affairs africa agency air airlines airport alliance america american americas army
    asia assembly association associates australia authority avenue bancorp bank bay beach board boulevard britain
    brothers building bureau business cabinet california campaign canada capital capitol carolina center central
    centre chamber china church city club co coalition college commerce commission committee community companies
    company computer conference congress corp corporation corps council county court daily dakota data defence
    defense department development district division dynamics east eastern economic education electric electronics
    embassy energy engineering enterprises entertainment environment europe european exchange federal federation
    finance financial first firm florida food force forces foreign foundation france fund gas gazette general
    germany global government group guard hall health herald high hill holdings hospital hotel house housing human
    inc independent industries industry information insurance institute insurance interior international
    investment investments island israel italy japan journal justice kingdom korea kremlin labor labour
    laboratories lake latin law league legislature library llc llp london ltd management manufacturing market
    markets media medical memorial mexico middle military ministry morning motor motors mountain museum national
    nations natural navy network new news north northern observatory office oil organization organisation pacific
    pact park parliament partners party petroleum pharmaceuticals plc police policy post power press products
    programme program project public radio railway regional report republic republicans research reserve resources
    review river road royal russia russian safety saint san school science sciences sea securities security senate
    service services social society south southern soviet space state states station stock street studio studios
    superior supreme systems team technologies technology television texas times top trade transport
    transportation treasury tribunal tribune trust ukraine ukrainian union united university valley village wall
    war washington water west western white wire world york moscow kyiv kiev beijing paris berlin brussels tehran
    jerusalem baghdad tokyo delhi ottawa madrid rome athens ankara cairo damascus riyadh seoul pyongyang taipei
    warsaw vienna geneva oslo stockholm helsinki copenhagen dublin edinburgh cardiff budapest prague bucharest
    sofia belgrade minsk tbilisi kabul islamabad canberra wellington pretoria nairobi lagos abuja iran iraq syria
    turkey egypt india pakistan afghanistan poland hungary spain greece sweden norway finland denmark ireland
    scotland wales england brazil argentina chile venezuela cuba colombia peru kenya nigeria ethiopia vietnam
    indonesia thailand taiwan belarus georgia moldova lithuania latvia estonia romania bulgaria serbia switzerland
    austria belgium netherlands portugal nato reuters google microsoft facebook twitter amazon ford boeing toyota
    sony samsung nissan honda exxon chevron walmart zealand democratic democrats republican democrat liberal
    conservative british french german chinese japanese
    """
)
