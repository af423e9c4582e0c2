"""Top-level domains with which a name without a scheme is a link.

All country codes, Cyrillic domains and common generic domains. Telegram also knows some hundreds of
brand names.
"""

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es
et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu
id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt
lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si
sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk
us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_CYRILLIC = "бг бел дети ею католик ком мкд мон москва онлайн орг рус рф сайт срб укр қаз"
_GENERIC = """
academy accountant actor adult aero agency airforce apartments app archi army arpa art asia
associates attorney auction audio auto autos baby band bank bar bargains baseball basketball beauty
beer berlin best bet bible bid bike bingo bio biz black blog blue boats bond boo book boston bot
boutique box broker build builders business buy buzz cab cafe camera camp capital car cards care
career careers cars casa cash casino cat catering center ceo charity chat cheap christmas church
city claims cleaning click clinic clothing cloud club coach codes coffee college com community
company compare computer condos construction consulting contact contractors cooking cool coop
country coupons courses credit creditcard cricket cruises dad dance data date dating day deal deals
degree delivery democrat dental dentist desi design dev diamonds diet digital direct directory
discount diy docs doctor dog domains dot download earth eat eco edu education email energy engineer
engineering enterprises equipment estate events exchange expert exposed express fail faith family
fan fans farm fashion feedback film finance financial fire fish fishing fit fitness flights florist
flowers fly foo food football forex forsale forum foundation free fun fund furniture futbol fyi
gallery game games garden gay gift gifts gives glass global gold golf google gov graphics gratis
green gripe group guide guitars guru hair haus health healthcare help here hiphop hiv hockey
holdings holiday homes horse hospital host hosting hot house how immo immobilien inc industries
info ing ink institute insurance insure int international investments irish jetzt jewelry jobs
juegos kaufen kids kim kitchen kiwi krd land law lawyer lease legal lgbt life lighting like limited
limo link live living llc loan loans lol london love ltd ltda luxe luxury maison makeup man
management map market marketing markets mba med media meet meme memorial men menu miami mil mint
mobi mobile moda moe moi mom money monster moscow motorcycles mov movie museum music name navy net
network new news next ngo ninja now nyc observer office one ong onion onl online ooo open org
organic page paris partners parts party pay pet pharmacy phd phone photo photography photos pics
pictures pid pin pink pizza place play plumbing plus poker porn post press prime pro prod
productions prof promo properties property protection pub qpon quebec quest racing radio read
realestate realty recipes red rehab reise reisen ren rent rentals repair report republican rest
restaurant review reviews rich rip rocks rodeo room rsvp rugby run sale salon sarl save school
schule science search secure security select services sex sexy shoes shop shopping show singles
site ski skin sky soccer social software solar solutions song soy spa space sport spot store stream
studio study style sucks supplies supply support surf surgery systems talk tatar tattoo tax taxi
team tech technology tel tennis theater theatre tickets tienda tips tires today tokyo ton tools top
tours town toys trade trading training travel tube university uno vacations vegas ventures vet
viajes video villas vin vip vision viva vodka vote voting voto voyage wang watch watches weather
webcam website wed wedding wien wiki win wine work works world wow wtf xin xxx xyz yachts yandex
yoga you zip zone
"""

TOP_LEVEL_DOMAINS = frozenset(f"{_COUNTRIES} {_CYRILLIC} {_GENERIC}".split())
