"""What pages write for months, zones and parts of the day: data only."""

# The tags of languages, and their months in order: spellings of one parted by a slash, lower case,
# no dots.
MONTH_NAMES = {
    "en": (
        "january/jan february/feb/febr march/mar april/apr may june/jun july/jul"
        " august/aug september/sep/sept october/oct november/nov december/dec"
    ),
    "de": (
        "januar/jänner/jän februar/feber märz/maerz/mrz april mai juni juli august"
        " september oktober/okt november dezember/dez"
    ),
    "fr": (
        "janvier/janv février/févr/fév/fevrier mars avril/avr mai juin juillet/juil"
        " août/aout septembre octobre novembre décembre/déc/decembre"
    ),
    "es": (
        "enero/ene febrero marzo abril/abr mayo junio julio agosto/ago"
        " septiembre/setiembre/set octubre noviembre diciembre/dic"
    ),
    "it": (
        "gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto"
        " settembre ottobre/ott novembre dicembre"
    ),
    "pt": (
        "janeiro fevereiro/fev março/marco abril maio junho julho agosto setembro"
        " outubro/out novembro dezembro"
    ),
    "nl": (
        "januari februari maart/mrt april mei juni juli augustus september oktober"
        " november december"
    ),
    "da nb nn no sv": (
        "januar/januari februar/februari mars/marts april maj/mai juni juli augusti"
        " september oktober november desember/des"
    ),
    "fi": (
        "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta"
        " elokuuta syyskuuta lokakuuta marraskuuta joulukuuta"
    ),
    "ru": (
        "января/янв февраля/февр/фев марта/мар апреля/апр мая/май июня/июн июля/июл"
        " августа/авг сентября/сент/сен октября/окт ноября/нояб/ноя декабря/дек"
    ),
    "uk": (
        "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня"
    ),
    "pl": (
        "stycznia/sty lutego/lut marca kwietnia/kwi maja czerwca/cze lipca/lip"
        " sierpnia/sie września/wrz października/paź listopada/lis grudnia/gru"
    ),
    "cs": ("ledna února března dubna května června července srpna září října listopadu prosince"),
    "tr": (
        "ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu"
        " eylül/eyl ekim/eki kasım/kas aralık/ara"
    ),
    "id": (
        "januari februari maret april mei juni juli agustus/agu september oktober november desember"
    ),
    "ro": (
        "ianuarie/ian februarie martie aprilie mai iunie/iun iulie/iul august septembrie"
        " octombrie noiembrie/noi decembrie"
    ),
    "hu": (
        "január február március április május június július augusztus szeptember október"
        " november december"
    ),
    "el": (
        "ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου"
        " σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου"
    ),
    "ar": (
        "يناير/جانفي فبراير/فيفري مارس أبريل/إبريل/أفريل مايو/ماي يونيو/جوان"
        " يوليو/يوليوز/جويلية أغسطس/غشت/أوت سبتمبر/شتنبر أكتوبر نوفمبر/نونبر ديسمبر/دجنبر"
    ),
}
MONTHS_OF = {
    tag: {
        spelling: number
        for number, month in enumerate(names.split(), 1)
        for spelling in month.split("/")
    }
    for tags, names in MONTH_NAMES.items()
    for tag in tags.split()
}
MONTHS = {spelling: number for months in MONTHS_OF.values() for spelling, number in months.items()}

# Minutes east of Greenwich. What a caller's own zone calls itself goes first (CST, IST).
ZONE_MINUTES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "cet": 60, "mez": 60, "west": 60, "cest": 120,
    "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "msk": 180, "мск": 180, "ist": 330,
    "wib": 420, "ict": 420, "hkt": 480, "sgt": 480, "awst": 480, "pht": 480, "jst": 540,
    "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180,
    "ast": -240, "edt": -240, "est": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420,
    "pdt": -420, "pst": -480, "akst": -540, "hst": -600,
    "格林尼治标准时间": 0, "格林尼治时间": 0, "格林威治时间": 0, "世界标准时间": 0,
    "国际标准时间": 0,
    "格林威治時間": 0, "北京时间": 480, "北京時間": 480, "台北时间": 480, "台北時間": 480,
    "香港时间": 480, "香港時間": 480, "中国标准时间": 480, "中國標準時間": 480, "东京时间": 540,
    "日本时间": 540, "日本時間": 540, "首尔时间": 540, "莫斯科时间": 180,
}  # fmt: skip
# Minutes east of Greenwich in winter; summer time adds an hour by the rule of the United States.
AMERICAN_MINUTES = {
    "et": -300, "ct": -360, "mt": -420, "pt": -480, "美东时间": -300, "美東時間": -300,
    "美国东部时间": -300, "美西时间": -480, "美国西部时间": -480, "美国太平洋时间": -480,
}  # fmt: skip

ERAS = {"令和": 2018, "平成": 1988}
"""Year before the first of each Japanese era that pages still print."""

AFTERNOON = (
    "下午",
    "傍晚",
    "晚上",
    "晚间",
    "晚間",
    "晚",
    "夜间",
    "夜間",
    "午後",
    "午后",
    "오후",
    "pm",
)
MORNING = ("上午", "凌晨", "清晨", "早上", "早晨", "早间", "午前", "오전", "am")
NOON = ("中午",)

HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "两": 2,
    "元": 1,
}

MODIFIED = (
    "更新", "修改", "修订", "修訂", "updated", "modified", "aktualisiert", "geändert", "stand",
    "actualizado", "actualizada", "actualización", "mis à jour", "modifié", "aggiornat",
    "modificat", "atualizad", "обновлен", "изменен", "оновлено", "bijgewerkt", "gewijzigd",
    "oppdatert", "opdateret", "uppdaterad", "päivitetty", "zaktualizowan", "aktualizacja",
    "aktualizováno", "güncelleme", "수정", "cập nhật", "diperbarui", "revised", "last edited",
)  # fmt: skip
"""Lower case; a label with one of these before a time makes it the time of a change."""
