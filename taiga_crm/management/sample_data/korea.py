"""Korean companies and people."""

from taiga_crm.management.sample_data.locale import Locale, spelled

KOREA = Locale(
    country="KR",
    currency="KRW",
    companies=40,
    forms=(
        "주식회사 {stem}{trade}", "(주){stem}{trade}", "{stem}{trade} 주식회사",
        "㈜{stem}{trade}",
    ),
    stems=spelled(
        "한빛=hanbit 누리=nuri 새롬=saerom 가온=gaon 다온=daon 청솔=cheongsol 한결=hangyeol"
        " 해솔=haesol 동녘=dongnyeok 온누리=onnuri 푸른=pureun 은하=eunha 바른=bareun 하늘=haneul"
        " 세움=seum 이음=ieum 나래=narae 도담=dodam 가람=garam 미르=mir 아라=ara 솔빛=solbit"
        " 단비=danbi 예림=yerim"
    ),
    trades={
        "Technology": ("전자", "elec"),
        "Software": ("소프트", "soft"),
        "Telecommunications": ("통신", "telecom"),
        "Manufacturing": ("산업", "ind"),
        "Retail": ("유통", "mart"),
        "Finance": ("캐피탈", "capital"),
        "Medical": ("메디칼", "medical"),
        "Education": ("에듀", "edu"),
        "Energy": ("에너지", "energy"),
        "Construction": ("건설", "const"),
        "Transport": ("물류", "logis"),
        "Entertainment": ("엔터테인먼트", "ent"),
        "Hospitality": ("호텔", "hotel"),
        "Marketing": ("애드", "ad"),
    },
    cities=(
        ("서울", "04524"), ("서울", "06236"), ("부산", "48058"), ("인천", "21999"),
        ("대구", "41911"), ("대전", "35208"), ("광주", "61945"), ("수원", "16490"),
        ("성남", "13529"), ("울산", "44675"), ("제주", "63122"), ("청주", "28501"),
    ),
    streets=("세종대로", "테헤란로", "강남대로", "중앙대로", "을지로", "판교로", "월드컵로"),
    first_names=spelled(
        "민수=minsu 지은=jieun 서연=seoyeon 도윤=doyun 하준=hajun 수빈=subin 지호=jiho"
        " 예진=yejin 현우=hyunwoo 유나=yuna 성민=seongmin 은지=eunji 태현=taehyun 소영=soyoung"
        " 준호=junho 미경=mikyung"
    ),
    last_names=spelled(
        "김=kim 이=lee 박=park 최=choi 정=jung 강=kang 조=cho 윤=yoon 장=jang 임=lim 한=han"
        " 오=oh 서=seo 신=shin 권=kwon"
    ),
    titles=("대표이사", "구매 팀장", "영업 이사", "IT 팀장", "총무 과장", "재무 이사", "기획 대리"),
    phone="+82 2-555-####",
    mobile="+82 10-5555-####",
    revenue=(900_000_000, 1_500_000_000_000),
    address="{street} {number}",
    registration="###-8#-#####",
    family_first="{last}{first}",
)  # fmt: skip
