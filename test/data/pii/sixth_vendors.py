"""Kinds after the payloads of vendors: names of fields are as the vendors have them."""
import json
from urllib.parse import quote, quote_plus, urlencode

from sixth_base import *


@with_pii
def stripe_event_charge():
    "Stripe event with billing_details, shipping, receipt_email; ids, fingerprints, masked card around"
    p = v.latin()
    q = p if R.random() < 0.6 else v.latin()
    a = lambda x: {"city": ad(x.city), "country": x.c, "line1": ad(x.street), "line2": None, **({"postal_code": ad(x.zip)} if x.zip else {}), "state": None}
    return {"id": "evt_" + v.alnum(24), "object": "event", "api_version": "2024-06-20", "created": v.epoch(), "type": pick(["charge.succeeded", "charge.failed", "payment_intent.succeeded"]),
            "data": {"object": {"id": "ch_" + v.alnum(24), "amount": R.randint(500, 99999), "balance_transaction": "txn_" + v.alnum(24), "billing_details": {"address": a(p), "email": em(p.email), "name": pn(p.shown), "phone": pick([None, ph(p.abroad)])},
                                "calculated_statement_descriptor": "STELLAR FUEL", "customer": "cus_" + v.alnum(14), "outcome": {"network_status": "approved_by_network", "risk_score": R.randint(1, 90), "seller_message": "Payment complete."},
                                "payment_method_details": {"card": {"brand": "visa", "checks": {"cvc_check": "pass", "address_line1_check": "pass"}, "fingerprint": v.alnum(16), "last4": v.dig(4), "network": "visa"}, "type": "card"},
                                "receipt_email": em(p.email), "receipt_url": "https://pay.stripe.com/receipts/payment/" + v.alnum(40), "shipping": {"address": a(q), "carrier": "DHL", "name": pn(q.name), "tracking_number": v.dig(12)}}}}


@with_pii
def adyen_notification():
    "Adyen NotificationRequestItem; additionalData with dotted names (shopperIP, billingAddress.street, cardHolderName)"
    p = v.latin()
    return {"live": "false", "notificationItems": [{"NotificationRequestItem": {"additionalData": {
        "cardHolderName": pn(p.card), "cardSummary": v.dig(4), "cardBin": "492179", "shopperEmail": em(p.email), "shopperIP": ipa(v.ip()), "billingAddress.city": ad(p.city), "billingAddress.street": ad(p.street),
        **({"billingAddress.postalCode": ad(p.zip)} if p.zip else {}), "billingAddress.country": p.c, "shopperReference": "SR" + v.dig(9), "hmacSignature": v.b64(43), "paymentMethodVariant": "visagold", "avsResult": "4 AVS not supported for this card type",
        "cvcResult": "1 Matches", "alias": "A" + v.dig(15), "acquirerReference": v.alnum(11).upper(), "shopperInteraction": "Ecommerce"}, "eventCode": "AUTHORISATION", "merchantAccountCode": "HarperLoweECOM",
        "merchantReference": "order-" + v.dig(8), "pspReference": v.alnum(16, "ABCDEFGHJKLMNPQRSTVWXZ23456789"), "success": "true", "reason": "Approved", "amount": {"currency": "EUR", "value": R.randint(100, 90000)}}}]}


@with_pii
def checkout_com_request():
    "Checkout.com payment request with the card as sent: source.number, cvv, customer, payment_ip"
    p = v.latin()
    return {"source": {"type": "card", "number": pa(v.pan()), "name": pn(p.latin), "cvv": cv(cvv()), "billing_address": {"address_line1": ad(p.street), "city": ad(p.city), "country": p.c, **({"zip": ad(p.zip)} if p.zip else {})},
                       "phone": {"country_code": "+" + p.dial, "number": ph(p.nsn)}},
            "amount": R.randint(100, 99999), "currency": "GBP", "reference": "ORD-5023-4E89-" + v.dig(3), "processing_channel_id": "pc_" + v.alnum(26).lower(), "customer": {"email": em(p.email), "name": pn(p.name)}, "payment_ip": ipa(v.ip()),
            "3ds": {"enabled": True, "attempt_n3d": False, "version": "2.2.0"}, "metadata": {"coupon_code": "NY2026", "partner_id": R.randint(1000, 999999)}}


@with_pii
def braintree_xml():
    "Braintree legacy XML in a string with hyphenated elements, inside a log record"
    p = v.latin()
    n = v.pan()
    x = "<customer><first-name>%s</first-name><last-name>%s</last-name><credit-card><number>%s</number><cvv>%s</cvv><cardholder-name>%s</cardholder-name><options><verify-card type=\"boolean\">true</verify-card></options></credit-card></customer>" % (
        p.given, p.family, n, cvv(), p.latin)
    return {"level": "DEBUG", "ts": v.stamp(), "logger": "com.braintreegateway.util.Http", "method": "POST", "path": "/merchants/" + v.alnum(16).lower() + "/customers", pick(["body", "payload", "requestBody", "xml"]): P(x, "person_name", "pan", "cvv")}


@with_pii
def paypal_ipn():
    "PayPal IPN: form-encoded body in one string, %40 and + escapes"
    p = v.latin()
    f = [("mc_gross", "19.95"), ("protection_eligibility", "Eligible"), ("payer_id", v.alnum(13).upper()), ("address_street", p.street), ("payment_status", "Completed"), ("charset", "UTF-8"), ("address_zip", p.zip),
         ("first_name", p.given), ("address_city", p.city), ("payer_email", p.email), ("last_name", p.family), ("txn_id", v.alnum(17).upper()), ("address_name", p.name), ("mc_currency", "USD")]
    return {"source": "ipn", "received": v.stamp(), "verified": True, "raw": P(urlencode([x for x in f if x[1]]), "address", "person_name", "email")}


@with_pii
def square_customer():
    "Square customer.created with administrative fields and locality"
    p = v.west()
    return {"merchant_id": v.alnum(13).upper(), "type": "customer.created", "event_id": v.uid(), "created_at": v.iso(), "data": {"type": "customer", "id": v.alnum(26).upper(), "object": {"customer": {
        "address": {"address_line_1": ad(p.street), "locality": ad(p.city), "postal_code": ad(p.zip), "country": p.c}, "birthday": bd(p.dob.isoformat()), "creation_source": "THIRD_PARTY", "email_address": em(p.email),
        "family_name": pn(p.family), "given_name": pn(p.given), "group_ids": [v.uid()], "nickname": pn(p.given), "phone_number": ph(p.phone), "preferences": {"email_unsubscribed": False}, "reference_id": "YOUR_REF_" + v.dig(3), "version": R.randint(0, 9)}}}}


@with_pii
def shopify_order():
    "Shopify order: browser_ip, note_attributes as name/value, line items named like people"
    p = v.latin()
    note = pick([{"name": "gift_recipient", "value": pn(v.latin().name)}, {"name": "delivery_phone", "value": ph(p.phone)}, {"name": "Nombre del destinatario", "value": pn(p.name)}, {"name": "Geburtsdatum", "value": bd(v.born(p.dob))}])
    return {"id": int(v.notcard(13, "789")), "name": "#" + v.dig(4), "browser_ip": ipa(v.ip()), "checkout_token": v.hexa(32), "confirmation_number": v.alnum(9).upper(), "contact_email": em(p.email), "created_at": v.iso(),
            "landing_site": "/collections/jackets?utm_source=newsletter", "order_number": int(v.dig(4, "1")), "note_attributes": [{"name": "colorScheme", "value": "dark"}, note], "payment_gateway_names": ["shopify_payments"],
            "customer": {"first_name": pn(p.given), "last_name": pn(p.family), "state": "enabled", "verified_email": True, "tags": "vip, returning"},
            "shipping_address": {"first_name": pn(p.given), "address1": ad(p.street), "phone": ph(p.phone), "city": ad(p.city), **({"zip": ad(p.zip)} if p.zip else {}), "last_name": pn(p.family), "name": pn(p.name), "country_code": p.c},
            "line_items": [{"title": pick(v.PRODUCT), "vendor": pick(v.COMPANY), "name": pick(v.PRODUCT), "sku": v.alnum(8).upper(), "price": "199.00"}], "shipping_lines": [{"title": "Standard", "carrier_identifier": v.hexa(32)}]}


@with_pii
def salesforce_record():
    "Salesforce sObject with __c and __pc custom fields"
    p = v.with_nid(v.WEST)
    return {"attributes": {"type": "Account", "url": "/services/data/v58.0/sobjects/Account/001" + v.alnum(15)}, "Id": "001" + v.alnum(15), "FirstName": pn(p.given), "LastName": pn(p.family), "Salutation": "Ms.", "PersonMailingStreet": ad(p.street),
            "PersonMailingCity": ad(p.city), "PersonMailingPostalCode": ad(p.zip), "PersonMobilePhone": ph(p.phone), "PersonEmail": em(p.email), "PersonBirthdate": bd(p.dob.isoformat()),
            pick(["Card_Holder_Name__c", "Embossed_Name__pc", "Legal_Name__c"]): pn(p.card), pick(["Card_Number__c", "Primary_Card_Number__pc"]): pa(v.pan_any()), pick(["Tax_Id__c", "%s__pc" % p.nidname.title().replace(" ", "_"), "Govt_%s__c" % p.nidname.upper().replace(" ", "_")] [1:]): nid(p),
            "Card_Product__c": "Platinum Rewards", "KYC_Status__c": "Verified", "OwnerId": "005" + v.alnum(15), "RecordTypeId": "012" + v.alnum(15), "SystemModstamp": "2026-05-11T08:32:17.000+0000", "AnnualRevenue": 125000.0, "Industry": "Banking"}


@with_pii
def zendesk_ticket():
    "Zendesk ticket: via.source, custom_fields as id/value with no name beside the value, satisfaction, tags"
    p = v.latin()
    cf = [{"id": 360000000000 + R.randint(1, 999999999), "value": pa(v.pan_any())}, {"id": 360000000000 + R.randint(1, 999999999), "value": "card_lost"}, {"id": 360000000000 + R.randint(1, 999999999), "value": ph(p.abroad)}, {"id": 360021, "value": None}, {"id": 360022, "value": "2.14.0"}]
    R.shuffle(cf)
    return {"ticket": {"id": R.randint(10000, 999999), "url": "https://issuercare.zendesk.com/api/v2/tickets/%d.json" % R.randint(10000, 99999), "via": {"channel": "email", "source": {"from": {"address": em(p.email), "name": pn(p.shown)}, "rel": None}}, "subject": pick(["Card not working in wallet", "Token suspended", "Cannot add card"]),
                       "priority": "high", "status": "open", "requester": {"name": pn(p.name), "email": em(p.email), "locale_id": 1}, "tags": ["apple_pay", "provisioning", "tier_2"], "custom_fields": cf, "satisfaction_rating": {"score": "unoffered"}, "brand_id": 360000012345}}


@with_pii
def text_intercom_conversation():
    "Intercom conversation: HTML bodies in which a person gives the card, address or name; author names"
    p, a = v.west(), v.west()
    body, kinds = pick([("<p>Hi, my card <b>%s</b> was declined at the till.</p>" % v.grouped(v.pan16()), ["pan"]),
                        ("<p>You can reach me on %s after 6pm.<br>Thanks, %s</p>" % (p.abroad, p.name), ["phone", "person_name"]),
                        ("<div>New address: %s.&nbsp;Please update it.</div>" % p.line.replace("\n", ", "), ["address"]),
                        ("<p>This is %s writing again, mail me at <a href=\"mailto:%s\">%s</a></p>" % (p.name, p.email, p.email), ["person_name", "email"])])
    return {"type": "conversation", "id": v.dig(12, "2"), "created_at": v.epoch(), "source": {"type": "conversation", "delivered_as": "customer_initiated", "body": P(body, *kinds), "author": {"type": "user", "id": v.hexa(24), "name": pn(p.name), "email": em(p.email)}, "attachments": []},
            "conversation_parts": {"parts": [{"part_type": "comment", "body": "<p>Thanks, let me look into that for you. It should take 2-3 business days.</p>", "author": {"type": "admin", "id": v.dig(6), "name": pn(a.name)}}], "total_count": 1}, "statistics": {"time_to_assignment": R.randint(10, 9999), "count_reopens": 0}}


@with_pii
def twilio_webhook():
    "Twilio SMS/voice webhook params, To/From numbers; SIDs; short Body"
    p, q = v.latin(), v.Person("US")
    return {"ToCountry": "US", "SmsMessageSid": "SM" + v.hexa(32), "NumMedia": "0", "SmsStatus": "received", "From": ph(p.e164), "AccountSid": "AC" + v.hexa(32), "ApiVersion": "2010-04-01", "NumSegments": "1", pick(["Body", "SpeechResult"]): pick(["STOP", "YES", "Your new card %s is on its way." % ("**** " + v.dig(4)), "BAL 4021"]),
            pick(["CallbackNumber", "ForwardedFrom", "Caller"]): ph(pick([q.e164, p.e164])), "Timestamp": v.iso(), "ErrorCode": pick([None, "30008"])}


@with_pii
def segment_identify():
    "Segment identify: traits, context.ip, app versions of four parts, screen sizes"
    p = v.latin()
    return {"type": "identify", "anonymousId": v.uid(), "messageId": "ajs-" + v.hexa(32), "channel": "mobile", "context": {"app": {"name": "WalletPal", "version": "5.2.10.413", "build": "5.2.10.413"}, "ip": ipa(v.ip()), "library": {"name": "analytics.js", "version": "2.11.1"},
            "os": {"name": "iOS", "version": "17.4.1"}, "screen": {"width": 1170, "height": 2532}, "timezone": "Europe/Amsterdam", "locale": "nl-NL", "userAgent": pick(v.UA), "page": {"path": "/cards/add", "title": "Add a card"}},
            "traits": {pick(["firstName", "first_name"]): pn(p.given), pick(["lastName", "last_name"]): pn(p.family), "email": em(p.email), "phone": ph(p.abroad), "birthday": bd(pick([p.dob.isoformat(), p.dob.isoformat() + "T00:00:00.000Z"])), "address": {"street": ad(p.street), "city": ad(p.city), "country": p.c, **({"postalCode": ad(p.zip)} if p.zip else {})}, "plan": "premium", "logins": R.randint(1, 90), "createdAt": v.iso()}}


@with_pii
def hubspot_contact_versions():
    "HubSpot contact v1: each property is {value, versions: [{value, timestamp}]}"
    p, old = v.latin(), v.latin()

    def prop(m, was=None):
        return {"value": m, "versions": [{"value": x, "source-type": "API", "timestamp": v.epoch() * 1000, "selected": False} for x in [m] + ([was] if was else [])]}
    return {"vid": R.randint(100000, 9999999), "canonical-vid": R.randint(100000, 9999999), "is-contact": True, "portal-id": R.randint(10000, 99999), "properties": {"firstname": prop(pn(p.given)), "lastname": prop(pn(p.family), pn(old.family)), "email": prop(em(p.email)), "mobilephone": prop(ph(p.phone)),
            "address": prop(ad(p.street), ad(old.street)), "city": prop(ad(p.city)), "lifecyclestage": prop("opportunity"), "hs_analytics_num_page_views": prop(str(R.randint(1, 90))), "company": prop(pick(v.COMPANY)), "hs_email_last_email_name": prop("Spring Newsletter 2026")},
            "identity-profiles": [{"vid": R.randint(1000, 9999), "identities": [{"type": "EMAIL", "value": em(p.email), "is-primary": True}, {"type": "LEAD_GUID", "value": v.uid()}]}], "merge-audits": []}


@with_pii
def marqeta_card_and_user():
    "Marqeta user with identifications [{type, value}] and card with pan, expiration MMYY, cvv_number"
    p = v.Person("US")
    e = "%02d%d" % (R.randint(1, 12), R.randint(27, 33))
    return {"card": {"token": v.uid(), "user_token": v.uid(), "card_product_token": v.uid(), "pan": pa(v.pan16()), "last_four": v.dig(4), "expiration": ex(e), "cvv_number": cv(cvv()), "barcode": v.dig(20, "1"), "pin_is_set": False, "state": "ACTIVE", "instrument_type": "VIRTUAL_PAN"},
            "user": {"token": v.uid(), "first_name": pn(p.given), "last_name": pn(p.family), "honorific": "Mr", "email": em(p.email), "address1": ad(p.street), "city": ad(p.city), "postal_code": ad(p.zip), "phone": ph(p.nsn.replace(" ", "")), "birth_date": bd(p.dob.isoformat()),
                     "identifications": [{"type": pick(["SSN", "US_SSN"]), "value": P(p.nid().replace("-", "") if R.random() < 0.5 else p.nid(), "ssn")}], "account_holder_group_token": "DEFAULT_AHG", "status": "UNVERIFIED", "created_time": v.iso()}}


@with_pii
def galileo_i2c_processor():
    "Processor API (Galileo / i2c shapes): abbreviated names, MMDDYYYY birth dates, YYMM expiry"
    p = v.Person("US")
    if R.random() < 0.5:
        return {"status_code": 0, "status": "Success", "processing_time": 0.412, "response_data": {"profile": [{"prn": v.dig(12, "1"), "first_name": pn(p.given), "last_name": pn(p.family), "date_of_birth": bd(p.dob.strftime("%m/%d/%Y")), "address_1": ad(p.street), "city": ad(p.city), "postal_code": ad(p.zip), "primary_phone": ph(p.nsn.replace(" ", "")), "email": em(p.email), "ssn": P(p.nid(), "ssn"), "id_type": "2", "product_id": R.randint(100, 9999)}],
                "card": {"cad_number": pa(v.pan16()), "exp_date": ex(v.yymm()), "security_code": cv(cvv()), "card_status": "N", "emboss_line1": pn(p.card)}}, "rtoken": v.uid(), "system_timestamp": "2026-02-17 09:30:11"}
    return {"updateCardHolderProfile": {"acquirer": {"id": "GPSY01", "userId": "svc", "password": None}, "card": {"number": pa(v.pan16()), "expiryDate": ex(pick(["%02d%d" % (R.randint(1, 12), R.randint(2027, 2033)), v.yymm()]))},
            "profile": {"nameOnCard": pn(p.card), "firstName": pn(p.given), "lastName": pn(p.family), "dateOfBirth": bd(p.dob.strftime("%m%d%Y")), "cell": ph(p.nsn.replace(" ", "")), "homeAddress": {"addressLine1": ad(p.street), "cityName": ad(p.city), "zipCode": ad(p.zip)}, "ssNumber": P(p.nid().replace("-", ""), "ssn"), "genderCode": None, "customerId": v.dig(9)}}, "responseCode": "00", "responseDesc": "Success", "transId": v.dig(11, "2")}


@with_pii
def visa_vts_provision():
    "Visa VTS provision: decrypted paymentInstrument beside vPanEnrollmentID, tokenInfo, risk data"
    p = v.latin()
    return {"vPanEnrollmentID": v.hexa(32), "clientAppID": "GpsyWallet", "clientWalletAccountID": v.hexa(24), "consumerEntryMode": "KEYENTERED", "locale": "en_US", "panSource": "MANUALLYENTERED", "protectionType": "SOFTWARE",
            pick(["paymentInstrument", "decryptedPaymentInstrument", "paymentAccount"]): {"accountNumber": pa(v.pan(("4",))), "cvv2": cv(cvv()), "name": pn(p.latin), "billingAddress": {"line1": ad(p.street), "city": ad(p.city), "country": p.c, **({"postalCode": ad(p.zip)} if p.zip else {})}},
            "riskDataInfo": {"walletProviderRiskAssessment": 1, "walletProviderReasonCodes": "01,0A", "walletProviderAccountScore": 4, "deviceIPAddress" if R.random() < .5 else "ipAddress": ipa(v.ip4()), "accountHolderName": pn(p.name), "walletAccountEmailAddress": em(p.email), "billingAddrLine": ad(p.street), "mobileNumber": ph(p.abroad)},
            "tokenInfo": {"tokenRequestorID": "40010075001", "tokenReferenceID": "DNITHE" + v.dig(22), "tokenStatus": "ACTIVE", "last4": v.dig(4), "hceData": {"staticParams": {"aidInfo": [{"aid": "A0000000031010", "applicationLabel": "VISA CREDIT"}]}}}}


@with_pii
def mastercard_mdes_tokenize():
    "MDES tokenize request, decrypted: accountHolderData, mobilePhone split in dial-in code and number"
    p = v.latin()
    return {"requestId": v.dig(6), "tokenType": "CLOUD", "tokenRequestorId": "98765432101", "taskId": v.dig(6), "fundingAccountInfo": {"panUniqueReference": "FWSPMC" + v.hexa(42), "encryptedPayload": {"publicKeyFingerprint": v.hexa(64), "oaepHashingAlgorithm": "SHA512", "iv": v.hexa(32), "encryptedData": {
        "cardAccountData": {"accountNumber": pa(v.pan(("5", "22"))), "securityCode": cv(cvv())}, "accountHolderData": {"accountHolderName": pn(p.name), "accountHolderAddress": {"line1": ad(p.street), "city": ad(p.city), "countrySubdivision": None, **({"postalCode": ad(p.zip)} if p.zip else {}), "country": p.c},
            "accountHolderEmailAddress": em(p.email), "accountHolderMobilePhoneNumber": {"countryDialInCode": p.dial, "phoneNumber": ph(p.nsn.replace(" ", "").replace("-", ""))}}, "source": "ACCOUNT_ADDED_MANUALLY"}}}, "consumerLanguage": "en", "decisioningData": {"recommendation": "REQUIRE_ADDITIONAL_AUTHENTICATION", "recommendationAlgorithmVersion": "01", "deviceScore": "1", "recommendationReasons": ["LONG_ACCOUNT_TENURE"], "ipAddress": ipa(v.ip4())}}


@with_pii
def google_pay_callback():
    "Google Pay: info.billingAddress, and a decrypted PAN_ONLY message as JSON in a string"
    p = v.latin()
    msg = json.dumps({"messageId": "AH2Ejtc" + v.alnum(20), "messageExpiration": str(v.epoch() * 1000), "paymentMethod": "CARD", "paymentMethodDetails": {"authMethod": "PAN_ONLY", "pan": v.pan16()}})
    return {"apiVersion": 2, "apiVersionMinor": 0, "email": em(p.email), "paymentMethodData": {"type": "CARD", "description": "Visa •••• " + v.dig(4), "info": {"cardNetwork": "VISA", "cardDetails": v.dig(4), "assuranceDetails": {"accountVerified": True}, "billingAddress": {"name": pn(p.name), "countryCode": p.c, "address1": ad(p.street), "address2": "", "locality": ad(p.city), "phoneNumber": ph(p.abroad), **({"postalCode": ad(p.zip)} if p.zip else {})}},
            "tokenizationData": {"type": "PAYMENT_GATEWAY", "token": json.dumps({"signature": v.b64(60), "protocolVersion": "ECv2"})}}, "decryptedMessage": pa(msg)}


@with_pii
def plaid_identity():
    "Plaid identity: names[] of strings, {data, primary, type} for phones, emails, addresses"
    p, q = v.Person("US"), v.Person("CA")
    return {"accounts": [{"account_id": v.alnum(37), "balances": {"available": 110.0, "current": 110.0, "iso_currency_code": "USD"}, "mask": v.dig(4), "name": "Plaid Checking", "official_name": "Plaid Gold Standard 0% Interest Checking", "subtype": "checking", "owners": [
        {"addresses": [{"data": {"city": ad(x.city), "country": x.c, "postal_code": ad(x.zip), "street": ad(x.street)}, "primary": i == 0} for i, x in enumerate((p, q))], "emails": [{"data": em(x.email), "primary": i == 0, "type": "primary"} for i, x in enumerate((p, q))],
         "names": [pn(p.shown)] + ([pn(q.name)] if R.random() < .5 else []), "phone_numbers": [{"data": ph(p.phone), "primary": True, "type": pick(["home", "mobile"])}]}]}], "item": {"item_id": v.alnum(37), "institution_id": "ins_" + v.dig(6), "webhook": "https://hooks.acme-issuer.io/plaid"}, "request_id": v.alnum(15)}


@with_pii
def open_banking_accounts():
    "Berlin Group / Tink accounts and transactions: iban, ownerName, creditorName of people; bic, MCC, entry references"
    p, q = Person_eu(), Person_eu()
    i = v.iban(p.c)
    if R.random() < .5:
        return {"account": {"resourceId": v.uid(), "iban": ib(i), "currency": "EUR", "ownerName": pn(p.name), "product": "Girokonto Plus", "cashAccountType": "CACC", "bic": "COBADEFFXXX"}, "transactions": {"booked": [
            {"entryReference": v.dig(18, "2"), "bookingDate": v.day(), "transactionAmount": {"amount": "-%d.10" % R.randint(1, 900), "currency": "EUR"}, "creditorName": pn(q.name), "creditorAccount": {"iban": ib(v.iban(q.c))}, "bankTransactionCode": "PMNT-ICDT-ESCT"},
            {"entryReference": v.dig(18, "2"), "creditorName": "Nordwind Logistik GmbH", "proprietaryBankTransactionCode": "19000"}], "_links": {"account": {"href": "/v1/accounts/" + v.uid()}}}}
    return {"accounts": [{"id": v.hexa(32), "name": "Everyday Saver", "type": "CHECKING", "identifiers": {"iban": {"iban": ib(i), "bban": None}}, "identities": [{"name": pn(p.name), "ssn": None}], "parties": [{"role": "HOLDER", "name": pn(p.latin)}, {"role": "AUTHORIZED_USER", "name": pn(q.name)}], "balances": {"booked": {"amount": {"value": {"unscaledValue": "%d" % R.randint(100, 999999), "scale": "2"}, "currencyCode": "EUR"}}}, "dates": {"lastRefreshed": v.iso()}, "financialInstitutionId": v.hexa(32)}]}


def Person_eu():
    return v.Person(pick(["DE", "FR", "NL", "ES", "IT", "BE", "AT", "PT", "SE", "PL"]))


@with_pii
def onfido_document_report():
    "Onfido document report: properties with document_numbers [{type, value}], breakdown of clear/consider"
    p = v.latin()
    return {"id": v.uid(), "name": "document", "status": "complete", "result": "clear", "sub_result": "clear", "href": "/v3.6/reports/" + v.uid(), "breakdown": {"data_comparison": {"result": "clear", "breakdown": {"date_of_birth": {"result": "clear", "properties": {}}, "first_name": {"result": "clear"}, "last_name": {"result": "consider"}}}, "visual_authenticity": {"result": "clear"}},
            "properties": {"nationality": None, "last_name": pn(p.lfamily.upper()), "first_name": pn(p.lgiven.upper()), "document_type": "passport", "date_of_birth": bd(p.dob.isoformat()), "document_numbers": [{"type": "document_number", "value": P(passport(p.c), "passport")}], "issuing_country": "GBR"}, "check_id": v.uid(), "documents": [{"id": v.uid()}]}


def passport(c):
    return v.dig(9, "123456") if c in ("US", "GB") else v.alnum(1, "CFGHJK") + v.dig(8) if c != "FR" else v.dig(2) + v.alnum(2, "AVKR") + v.dig(5)


@with_pii
def jumio_callback():
    "Jumio callback: idFirstName, idDob, clientIp, idAddress as JSON in a string"
    p = v.Person(pick(["DE", "FR", "ES", "US", "GB", "AT"]))
    return {"callBackType": "NETVERIFYID", "jumioIdScanReference": v.uid(), "verificationStatus": "APPROVED_VERIFIED", "idScanStatus": "SUCCESS", "idScanSource": "WEB_UPLOAD", "idCheckDataPositions": "OK", "idCheckHologram": "OK", "idType": "ID_CARD", "idCountry": "DEU", "idFirstName": pn(p.lgiven.upper()), "idLastName": pn(p.lfamily.upper()), "idDob": bd(p.dob.isoformat()),
            "idAddress": ad(json.dumps({"country": p.c, "city": p.city, "streetName": p.street, "postalCode": p.zip}, ensure_ascii=False)), "clientIp": ipa(v.ip4()), "transactionDate": v.iso(), "merchantIdScanReference": "KYC-" + v.dig(8), "identityVerification": {"similarity": "MATCH", "validity": "TRUE"}}


@with_pii
def sift_event():
    "Sift event: all names begin with $"
    p = v.latin()
    return {"$type": "$create_order", "$api_key": "REDACTED", "$user_id": v.hexa(16), "$session_id": v.alnum(20).lower(), "$order_id": "ORDER-" + v.dig(8), "$user_email": em(p.email), "$ip": ipa(v.ip()), "$amount": R.randint(1000000, 999999999), "$currency_code": "USD", "$verification_phone_number": ph(p.e164),
            "$billing_address": {"$name": pn(p.name), "$phone": ph(p.abroad), "$address_1": ad(p.street), "$city": ad(p.city), "$country": p.c, **({"$zipcode": ad(p.zip)} if p.zip else {})}, "$payment_methods": [{"$payment_type": "$credit_card", "$payment_gateway": "$braintree", "$card_bin": "542486", "$card_last4": v.dig(4)}], "$items": [{"$item_id": "B004834GQO", "$product_title": pick(v.PRODUCT), "$brand": "Marshall", "$upc": v.ean()}]}


@with_pii
def kount_ris():
    "Kount RIS post: four-letter names (EMAL, B2A1, S2NM, IPAD, DOB)"
    p, q = v.latin(), v.latin()
    return {"VERS": "0720", "MODE": "Q", "MERC": v.dig(6), "SESS": v.hexa(32), "ORDR": v.dig(9), "AUTH": "A", "CURR": "USD", "TOTL": R.randint(100, 99999), "EMAL": em(p.email), "NAME": pn(p.name), "IPAD": ipa(v.ip4()), "B2A1": ad(p.street), "B2CI": ad(p.city), **({"B2PC": ad(p.zip)} if p.zip else {}), "B2CC": p.c, "B2PN": ph(p.e164), "S2NM": pn(q.name), "S2A1": ad(q.street), "S2CI": ad(q.city), "DOB": bd(p.dob.isoformat()),
            "PTYP": "CARD", "LAST4": v.dig(4), "MACK": "Y", "PROD_TYPE": ["Apparel"], "PROD_ITEM": [v.alnum(8)], "SITE": "DEFAULT", "SCOR": R.randint(1, 99)}


@with_pii
def emv_3ds_areq():
    "EMV 3-D Secure AReq: acctNumber, cardExpiryDate YYMM, billAddr*, phones as {cc, subscriber}, browserIP"
    p = v.latin()
    pho = {"cc": p.dial, "subscriber": ph(p.nsn.replace(" ", "").replace("-", ""))}
    return {"messageType": "AReq", "messageVersion": "2.2.0", "messageCategory": "01", "deviceChannel": "02", "threeDSServerTransID": v.uid(), "dsTransID": v.uid(), "acctNumber": pa(v.pan16()), "cardExpiryDate": ex(v.yymm()), "cardholderName": pn(p.latin), "billAddrLine1": ad(p.street), "billAddrCity": ad(p.city), "billAddrCountry": "276", **({"billAddrPostCode": ad(p.zip)} if p.zip else {}),
            "email": em(p.email), pick(["mobilePhone", "homePhone", "workPhone"]): pho, "browserIP": ipa(v.ip()), "browserLanguage": "de", "browserColorDepth": "24", "browserScreenHeight": "1080", "browserUserAgent": pick(v.UA), "browserTZ": "-120", "mcc": "5411", "merchantName": pick(v.COMPANY), "acquirerBIN": "414720", "purchaseAmount": v.dig(5, "1"), "purchaseDate": v.ts().strftime("%Y%m%d%H%M%S"), "threeDSRequestorURL": "https://shop.nordwind.example/3ds", "sdkTransID": v.uid()}


@with_pii
def text_dispute_evidence():
    "Stripe/VROL dispute evidence: address as lines in one string, a narrative with the cardholder's name"
    p = v.latin()
    return {"id": "dp_" + v.alnum(24), "reason": "product_not_received", "network_reason_code": "13.1", "status": "needs_response", "evidence": {"billing_address": ad("\n".join(x for x in (p.street, (p.zip + " " + p.city).strip(), p.c) if x)), "customer_email_address": em(p.email), "customer_name": pn(p.name), "customer_purchase_ip": ipa(v.ip4()), "shipping_tracking_number": "1Z" + v.alnum(16, "0123456789ABCDEFGH"), "shipping_date": "3/14/2026", "product_description": pick(v.PRODUCT), "shipping_carrier": "UPS",
            "uncategorized_text": pn(pick(["The parcel was handed to %s in person and a signature was taken.", "Our courier called %s twice; the second delivery attempt succeeded.", "Cardholder %s admitted on the telephone that the goods had arrived."]) % p.name)}, "evidence_details": {"due_by": v.epoch(), "submission_count": 0}}


@with_pii
def sendgrid_mail_events():
    "Mail events: email beside smtp-id and message-id that look like addresses; sender and list ids"
    p, q = v.latin(), v.latin()
    return [{"email": em(x.email), "timestamp": v.epoch(), "smtp-id": "<%s@ismtpd0039p1iad2.sendgrid.net>" % v.alnum(22), "event": e, "sg_event_id": v.alnum(22), "sg_message_id": v.alnum(22) + ".filter0001.16648.5515E0B88.0", "category": ["cards", "monthly statement"], **({"ip": ipa(v.ip4()), "useragent": pick(v.UA)} if e == "open" else {"attempt": "5", "response": "250 OK"})}
            for x, e in ((p, "delivered"), (q, pick(["open", "bounce"])))]


@with_pii
def text_slack_export():
    "Slack message with <mailto:|> and <tel:|> markup, user ids, a name said in passing"
    p = v.west()
    t, ks = pick([("Customer <mailto:%s|%s> says the OTP never came" % (p.email, p.email), ["email"]), ("pls call back <tel:%s|%s>, her name is %s" % (p.e164, p.abroad, p.name), ["phone", "person_name"]),
                  ("`%s` is failing with 05 again, anyone?" % v.pan16(), ["pan"]), ("moving %s to the blocked list, home is %s" % (p.name, p.line.replace("\n", ", ")), ["person_name", "address"])])
    return {"type": "message", "client_msg_id": v.uid(), "user": "U" + v.alnum(10).upper(), "text": P(t, *ks), "ts": "%d.%06d" % (v.epoch(), R.randint(0, 999999)), "team": "T" + v.alnum(8).upper(), "blocks": [{"type": "rich_text", "block_id": v.alnum(5)}], "reactions": [{"name": "eyes", "users": ["U" + v.alnum(10).upper()], "count": 1}], "channel": "C" + v.alnum(8).upper()}


@with_pii
def marketing_cloud_send():
    "Salesforce Marketing Cloud / Braze sends: SubscriberKey is the mail address, nested ContactAttributes"
    p = v.latin()
    if R.random() < .5:
        return {"To": {"Address": em(p.email), "SubscriberKey": em(p.email), "ContactAttributes": {"SubscriberAttributes": {"FIRST_NAME": pn(p.given), "LASTNAME": pn(p.family), "CARD_ART_ID": v.dig(5), "OFFER_CODE": "SPRING26", "MobileNo": ph(p.phone)}}}, "DefinitionKey": "card_activated_v3", "OPTIONS": {"RequestType": "ASYNC"}}
    return {"attributes": [{"external_id": v.hexa(24), "email": em(p.email), "first_name": pn(p.given), "last_name": pn(p.family), "dob": bd(p.dob.isoformat()), "home_city": ad(p.city), "phone": ph(p.e164), "email_subscribe": "opted_in", "push_tokens": [{"app_id": v.uid(), "token": v.hexa(64)}], "date_of_first_session": v.iso(), "card_tier": "Gold", "_update_existing_only": False}]}


@with_pii
def typeform_answers():
    "Typeform response: answers point to fields by id, the question text is elsewhere; {type: text, text: …}"
    p = v.latin()
    f = [("Full name as on your passport", "short_text"), ("What is your date of birth?", "date"), ("E-mail", "email"), ("Best number to reach you", "phone_number"), ("Which card do you want?", "multiple_choice"), ("How many trips a year?", "number")]
    ids = [v.alnum(12) for _ in f]
    ans = [{"type": "text", "text": pn(p.name)}, {"type": "date", "date": bd(p.dob.isoformat())}, {"type": "email", "email": em(p.email)}, {"type": "phone_number", "phone_number": ph(p.e164)}, {"type": "choice", "choice": {"label": "Platinum"}}, {"type": "number", "number": R.randint(1, 30)}]
    return {"event_id": v.alnum(26), "event_type": "form_response", "form_response": {"form_id": v.alnum(6), "token": v.hexa(32), "landed_at": v.iso(), "submitted_at": v.iso(), "definition": {"title": "Card application", "fields": [{"id": i, "title": t, "type": y} for i, (t, y) in zip(ids, f)]}, "answers": [{**a, "field": {"id": i, "type": y}} for a, i, (t, y) in zip(ans, ids, f)]}}


@with_pii
def dynamics_odata():
    "Dynamics 365 OData: emailaddress1, telephone1, address1_line1, formatted-value annotations"
    p = v.latin()
    return {"@odata.context": "https://org1234.crm4.dynamics.com/api/data/v9.2/$metadata#contacts/$entity", "@odata.etag": "W/\"%s\"" % v.dig(8), "contactid": v.uid(), "fullname": pn(p.name), "lastname": pn(p.family), "firstname": pn(p.given), "emailaddress1": em(p.email), "telephone1": ph(p.phone), "mobilephone": ph(p.abroad), "address1_line1": ad(p.street), "address1_city": ad(p.city), **({"address1_postalcode": ad(p.zip)} if p.zip else {}),
            "birthdate": bd(p.dob.isoformat()), "birthdate@OData.Community.Display.V1.FormattedValue": bd("%d/%d/%d" % (p.dob.month, p.dob.day, p.dob.year)), "statecode": 0, "statecode@OData.Community.Display.V1.FormattedValue": "Active", "_owningbusinessunit_value": v.uid(), "versionnumber": int(v.dig(8, "1")), "importsequencenumber": None, "exchangerate": 1.0}
