"""What the demo's tickets are about, in English with some Korean and Czech."""

from __future__ import annotations

AURORA_EPICS = (
    "Checkout in one page",
    "Product search that forgives typos",
    "Business customers",
    "Launch in Korea",
)
AURORA_STORIES = (
    "As a shopper I pay without creating an account",
    "As a shopper I see the delivery date before I pay",
    "As a shopper I save a cart and send its link",
    "As a shopper I pay by bank transfer",
    "As a shopper I find “tshirt” when I mean “T-shirt”",
    "As a shopper I filter by size and stock",
    "As a buyer I order on invoice",
    "As a buyer I see my company's price list",
    "As a buyer I order for several addresses at once",
    "As an accountant I download all invoices of a month",
    "카카오페이로 결제하고 싶습니다",
    "배송 주소를 도로명 주소로 검색",
    "As a merchandiser I schedule a sale",
    "As a merchandiser I sort a category by hand",
)
AURORA_ISSUES = (
    "Order {n} was charged twice",
    "Voucher SPRING{n} is refused though it is valid",
    "Wrong VAT rate on invoice {n}",
    "Product photos turn sideways on iPhones",
    "Return label of order {n} cannot be printed",
    "Search finds nothing for words with a hyphen",
    "Cart empties after the language is switched",
    "Order confirmation arrives without the company's VAT number",
    "Delivery address of order {n} cut after 30 characters",
    "Zákazník nevidí fakturu k objednávce {n}",
    "Sleva pro velkoobchod se nepočítá z ceny bez DPH",
    "주문 {n} 배송 상태가 업데이트되지 않음",
    "회원 가입 인증 메일이 도착하지 않습니다",
    "Stock shows 3 left, but order {n} could not be shipped",
    "Price list of a wholesale customer is one month old",
    "Checkout button hidden behind the cookie bar on small screens",
)
NIMBUS_EPICS = ("Answer the first mail within an hour", "Self-service knowledge base")
NIMBUS_STORIES = (
    "As an agent I see whose ticket it is before I answer",
    "As an agent I answer with a template",
    "As an agent I hand a ticket over with a note",
    "As a customer I follow my ticket without logging in",
    "As a team leader I see tickets that wait too long",
    "As a team leader I get a weekly summary by mail",
    "고객이 직접 문의 내역을 조회",
    "As an agent I merge two tickets about the same fault",
)
NIMBUS_ISSUES = (
    "Cannot log in since the password was changed",
    "VPN drops every {n} minutes",
    "Printer on floor {n} prints blank pages",
    "Shared mailbox missing after the move to the new server",
    "Request: account for a new colleague, starts in week {n}",
    "Backup report shows {n} failed jobs",
    "Certificate of the customer portal expires soon",
    "Calendar invitations arrive one hour late",
    "Laptop {n} does not wake up after the update",
    "Slow file server in the afternoon",
    "Invoice portal rejects PDF files larger than {n} MB",
    "Přenos čísla na novou ústřednu",
    "Nejde odeslat e-mail s přílohou větší než {n} MB",
    "Žádost o navýšení kapacity úložiště",
    "원격 데스크톱 연결이 자주 끊깁니다",
    "프린터 {n}번 용지 걸림 반복",
    "전자세금계산서 발행 오류 {n}",
    "Two-factor codes arrive only after {n} minutes",
    "Phone extension {n} rings in the wrong office",
    "Licence server reports no free seats",
    "Monitoring: disk of db-{n} is 90 % full",
    "Contract renewal: customer asks for a longer support window",
)
TOOLS_EPICS = ("One login for everything", "Paperless expenses")
TOOLS_STORIES = (
    "As a colleague I book a meeting room from the calendar",
    "As a colleague I hand in expenses with a photo",
    "As a manager I approve expenses by mail",
    "As an administrator I close all accounts of a leaver at once",
    "As a colleague I find the newest handbook page",
)
TOOLS_ISSUES = (
    "Time sheet of week {n} cannot be closed",
    "Expense {n} stuck in approval",
    "Handbook search lists deleted pages",
    "Build server queue longer than {n} jobs",
    "Badge reader at door {n} does not answer",
    "Wi-Fi password page shows last year's password",
    "Room booking shows room {n} twice",
    "Dovolená za rok 2026 se nezobrazuje",
)
TASKS = (
    "Write the acceptance tests",
    "Agree on the wording with sales",
    "Draw the screens",
    "Migrate the existing data",
    "Measure before and after",
    "Update the help page",
    "Translate into Korean",
    "Ask three customers to try it",
)
