"""Japanese companies and people."""

from taiga_crm.management.sample_data.locale import Locale, spelled

JAPAN = Locale(
    country="JP",
    currency="USD",
    companies=18,
    forms=("株式会社{stem}{trade}", "{stem}{trade}株式会社", "有限会社{stem}{trade}"),
    stems=spelled(
        "青葉=aoba 若草=wakakusa 桜井=sakurai 北斗=hokuto 港南=konan 朝日野=asahino 緑川=midorikawa"
        " 白鳥=shiratori 富士見=fujimi 松風=matsukaze 花園=hanazono 月島=tsukishima"
    ),
    trades={
        "Technology": ("電機", "denki"),
        "Software": ("ソフト", "soft"),
        "Manufacturing": ("製作所", "seisakusho"),
        "Retail": ("商店", "shoten"),
        "Transport": ("運輸", "unyu"),
        "Construction": ("建設", "kensetsu"),
        "Medical": ("医療", "iryo"),
        "Services": ("サービス", "service"),
    },
    cities=(
        ("東京", "100-0005"), ("大阪", "530-0001"), ("名古屋", "450-0002"), ("横浜", "220-0011"),
        ("福岡", "812-0011"), ("札幌", "060-0001"),
    ),
    streets=("丸の内", "本町", "栄", "中央", "港町"),
    first_names=spelled("健=ken 美咲=misaki 翔=sho 陽子=yoko 大輔=daisuke 直美=naomi 拓也=takuya"),
    last_names=spelled("佐藤=sato 鈴木=suzuki 高橋=takahashi 田中=tanaka 渡辺=watanabe 伊藤=ito"),
    titles=("代表取締役", "購買部長", "営業部長", "情報システム課長", "経理担当"),
    phone="+81 3-5555-####",
    mobile="+81 90-5555-####",
    revenue=(1_000_000, 800_000_000),
    address="{street}{number}-2",
    family_first="{last} {first}",
)  # fmt: skip
