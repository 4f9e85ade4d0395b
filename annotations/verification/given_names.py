"""Given names and their common short forms: facts about English names, for names as the press prints them."""

GROUPS = """
    abigail abby abbie, alan allan allen al, albert al bert bertie, alexander alex alec sandy alasdair, alexandra alex
    sandra, alfred alf alfie fred, alison ali, alistair alastair alasdair alister, andrew andy drew, angela angie, ann
    anne anna annie, anthony antony tony, archibald archie, arthur art, augustus gus, barbara barb babs, barnabas
    barnaby barney, bartholomew bart, benjamin ben benny, bernard bernie, bridget bridie, caroline carrie, carol carole,
    catherine katherine katharine kathryn catharine cathy kathy kate katie cat kath kitty, charles charlie chas,
    charlotte charlie lottie, christine chris chrissie tina, christina chris tina, christopher chris kit, clement clem,
    clifford cliff, constance connie, cynthia cindy, cyril cy, daniel dan danny, david dave davy dai, deborah debra
    debbie deb, dennis denis den, derek del, desmond des, diana diane di, dominic dom, donald don, dorothea dorothy dot
    thea, douglas doug, edith edie, edmund ed eddie ted ned, edward ed eddie ted teddy ned, edwin ed eddie, elizabeth
    elisabeth liz lizzie beth betty bess lisa eliza libby, emily em, emma em, ernest ernie, eugene gene, evelyn eve,
    felicity fliss, florence flo, frances fran francie, francis frank fran, frederick fred freddie freddy, gabriel gabe,
    gavin gav, geoffrey geoffry jeffrey geoff jeff, gerald gerry jerry, gerard gerry, gillian gill jill, graham graeme
    grahame, gregory greg, gwendoline gwen, harold harry hal, harriet hattie, helen nell, henry harry hal, herbert bert
    bertie, hilary hillary, hubert bert, hugh hughie huw, ian iain, isabel isobel isabelle bel, jacob jake, jacqueline
    jackie jacqui, james jim jimmy jamie, jane janie, janet jan, jason jase, jeremy jerry jez, jennifer jen jenny,
    jessica jess, joan joanie, joanna joanne jo, john johnny jack, jon jonathan jonny jonty, joseph joe joey, josephine
    jo josie, joshua josh, judith judy, julia julie, julian jules, juliet jules, kenneth ken kenny, kimberley kim,
    kirsty kirsten, laura laurie, laurence lawrence larry laurie, leonard len lenny leo, leslie les, lesley les, lewis
    lew louis, lindsay lin, louisa louise lou, lucinda lucy, malcolm malc, margaret maggie meg peggy marge madge, martin
    martyn marty, mary molly, matthew matt mat, maureen mo, maurice morris, maximilian max, maxwell max, melanie mel,
    michael mike mick micky mickey, michelle michele, mohammed mohammad muhammad mohamed mo, montague monty, nadine
    nads, nancy nan, natalie nat, nathaniel nathan nat, neil neal, nicholas nicolas nick nicky, nicola nicky nikki,
    nigel nige, norman norm, oliver olly ollie, pamela pam, patricia pat patsy tricia trish, patrick pat paddy, pauline
    paula, penelope penny, percival percy, peregrine perry, peter pete, philip phillip phil, philippa pippa, quentin
    quintin, rachel rachael, raymond ray, rebecca becky becca beccy, reginald reg reggie, richard rick dick richie rich
    ricky, robert rob bob bobby robbie bert, roberta bobbie, robin rob, roderick rod roddy, rodney rod, roland rolly,
    ronald ron ronnie, rosalind ros roz, rosemary rosie rose, rosamund ros, rory ruairi, rupert rup, russell russ,
    samantha sam, samuel sam sammy, sandra sandy, sarah sara sally, sean shaun shawn, sebastian seb, sheila shelagh,
    sidney sydney sid syd, sophia sophie, stanley stan, stella stel, stephanie steph, stephen steven steve stevie,
    stewart stuart stew stu, susan sue suzie susie, susannah suzanne sue susie, terence terry, teresa theresa terry tess
    tessa, theodore theo ted teddy, theodora dora, thomas tom tommy, timothy tim timmy, tobias toby, valerie val,
    veronica ronnie, victor vic, victoria vicky vicki tori, vincent vince vinnie, violet vi, vivienne vivien viv, walter
    wally walt, wilfred wilf, william will bill billy willie liam, winifred win winnie, yvonne von, zachary zac zack
"""
SHORT_FORMS = tuple(frozenset(group.split()) for group in GROUPS.split(","))


def collect_words(text: str) -> frozenset[str]:
    """Collect the words of a table."""
    return frozenset(text.split())


def are_same_given_name(mine: str, its: str) -> bool:
    """Return True if two folded given names may be one: the same, an initial of the other, or short forms of one name.

    >>> are_same_given_name("matt", "matthew"), are_same_given_name("m", "matthew"), are_same_given_name("ed", "david")
    (True, True, False)
    """
    if 1 in (len(mine), len(its)):
        return mine[0] == its[0]
    return mine == its or any(mine in group and its in group for group in SHORT_FORMS)
