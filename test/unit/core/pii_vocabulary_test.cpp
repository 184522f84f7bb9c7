// The vocabulary: names that say what a value is, in many languages and styles, and ordinary names that do
// not.
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "core/pii/document/scrubber.hpp"
#include "core/pii/names/name_class.hpp"
#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::vector<std::string> words_of(const char* text) {
    std::istringstream in(text);
    std::vector<std::string> words;
    for (std::string word; in >> word;) words.push_back(word);
    return words;
}

std::string_view detector_of(std::string_view name) {
    return info(classify_name(name, {}).subject).name;
}

struct Names {
    const char* detector;
    const char* names;
};

// clang-format off
constexpr Names kNamesOfPii[] = {
    {"person_name",
     "prénom Prénom NOM_DE_FAMILLE nomComplet prenom_client vorname Nachname Vor-_und_Nachname apellido "
     "primer_apellido segundoApellido apellidos_cliente nombre_completo nombreCliente cognome "
     "cognomeCliente nome_completo sobrenome nomeCompleto voornaam achternaam imię nazwisko imięINazwisko "
     "jméno příjmení soyadı ad_soyad fornavn etternavn förnamn efternamn etunimi sukunimi keresztnév "
     "vezetéknév фамилия Фамилия имя отчество фио имяКлиента ονοματεπώνυμο επώνυμο 姓名 客户姓名 氏名 "
     "お客様氏名 フリガナ 이름 고객이름 성명 اسم_العائلة CrdhldrNm DbtrNm first_name_en firstNameKana "
     "last_name__c FirstName__c LastName__pc given_name family_name middle_name nickname "
     "preferred_username name.givenName cardholderName shopperName holderName accountHolderName "
     "account_holder_name card_holder_name nameOnCard name_on_card phoneticGivenName beneficiaryName "
     "beneficiary_name applicantName applicant_full_name recipient_name senderName requesterName "
     "authorName receiver_name customer_first_name customerLastName cust_name custLastName "
     "billing_first_name shippingLastName emergency_contact_name spouseName motherMaidenName "
     "mothers_maiden_name maiden_name patientName employeeName employee_full_name driverName passengerName "
     "uboName directorName signatoryName witness_name guarantorName name_of_applicant nameOfCustomer "
     "contactName contact_person_name legal_name legalFirstName userName primary_contact_name "
     "tenantContactName ownerName owner_full_name insuredName policyHolderName policyholder_name "
     "fullNameLocal studentName guestName buyerName buyer_first_name"},
    {"address",
     "thoroughfareName double_dependent_locality postTown sub_building_name houseNo flat_no addressLine4 "
     "complément_adresse numéroVoie libelle_voie boîtePostale numero_exterior entreCalles calle_y_numero "
     "domicilioFiscal direccion_completa indirizzoResidenza numero_civico freguesia concelho "
     "endereço_completo Adresszusatz Straßennummer Ortsteil wohnsitz huisnummer_toevoeging postadres "
     "vejnavn husnummer postnr nr_mieszkania numerLokalu adres_korespondencyjny číslo_popisné "
     "trvalé_bydliště poštanski_broj kućniBroj házszám utca lakóhely irsz lähiosoite "
     "sihtnumber pasta_kods gyvenamoji_vieta binaNo kapı_no kelurahan kecamatan alamatLengkap barangay "
     "số_nhà phường_xã taluka номер_дома адрес_регистрации место_жительства вулиця поштовий_індекс "
     "ταχυδρομικός_κώδικας 町域 部屋番号 自宅住所 门牌号 户籍地址 도로명주소 지번주소 الشارع רחוב "
     "ตำบล บ้านเลขที่ "
     "dirección direccion_cliente Dirección adresse Adresse_client straße Strasse strassenname hausnummer "
     "PLZ código_postal codigoPostal code_postal codePostal rue calle indirizzo endereço cep logradouro "
     "bairro woonplaats postcode straat huisnummer ulica kod_pocztowy adres adres_zamieszkania ulice "
     "adresa posta_kodu gatuadress postnummer katuosoite postinumero адрес адресПроживания почтовый_индекс "
     "διεύθυνση 地址 收货地址 家庭地址 住所 郵便番号 주소 우편번호 العنوان StrtNm BldgNb PstCd TwnNm "
     "AdrLine CtrySubDvsn CityOfBirth PrvcOfBirth street_address streetAddress postal_code postalCode "
     "zip_code zipCode addressLine1 address_line_2 addressLines billAddrLine1 billAddrPostCode "
     "billAddrCity shipAddrLine2 shipAddrCity billing_city shippingCity customer_city customerCity "
     "home_city birthCity hometown birth_place placeOfBirth mailing_address MailingStreet MailingCity "
     "MailingPostalCode BillingStreet homeAddress residential_address residentialAddress street1 street_2 "
     "addressLine1_en address__c Address_Line_1__c address_db addressOfApplicant houseNumberOrName "
     "customer_address cust_addr_1 permanentAddress deliveryAddress recipient_city postcodeOfResidence"},
    {"birth_date",
     "dateOfBirth Date_of_Birth__c date_of_birth dob DOB__c birthDate birthdate BirthDt Geburtsdatum "
     "geburtstag date_naissance dateDeNaissance fecha_nacimiento fechaDeNacimiento data_di_nascita "
     "dataNascimento data_de_nascimento geboortedatum data_urodzenia datum_narození doğum_tarihi "
     "fødselsdato födelsedatum syntymäaika дата_рождения датаРождения 生年月日 出生日期 생년월일 "
     "تاريخ_الميلاد customer_dob dobOfApplicant birthday patient_birth_date"},
    {"phone",
     "phone téléphone telefon teléfono telefono_movil téléphone_portable numéroDeTéléphone "
     "numéro_de_téléphone telefonnummer Handynummer cellulare_telefono telefone telemóvel telefoonnummer "
     "numer_telefonu telefon_numarası puhelinnumero телефон номерТелефона 电话 手机号码 联系电话 電話番号 "
     "携帯電話番号 전화번호 휴대폰번호 رقم_الهاتف MobNb PhneNb FaxNb phone_number phoneNumber phone__c "
     "phoneNumberFromCrm phone_1_value mobilePhone homePhone workPhone shopperPhone customer_phone "
     "contact_no telephoneNumber"},
    {"email",
     "e-mail correo_electrónico courriel adresse_email EmailAdr email_1_value__c email_crm shopperEmail "
     "email_address_db emailOfApplicant 邮箱 メールアドレス 이메일 electronicMail_email"},
    {"password",
     "contraseña mot_de_passe motDePasse passwort senha wachtwoord lösenord hasło heslo şifre пароль 密码 "
     "パスワード 비밀번호 password db_password dbPass smtp_pass user_password adminPassword"},
    {"ssn",
     "SSN__c ssn_db ssnOfApplicant ssn_value ssn_1 applicant_ssn SSN_Number__c primarySsn co_borrower_ssn"},
    {"pan",
     "numéroDeCarte numéro_carte kartennummer número_de_tarjeta 卡号 カード番号 cardNumber PAN "
     "card_number__c cardNumberFromPos"},
    {"expiry",
     "XpryDt cardExpiryDate card_expiry expMonth exp_year gültigBis fecha_de_caducidad vencimientoTarjeta "
     "validade_do_cartão dataWażności srok_deystviya_karty カード有効期限 срок_действия_карты"},
    {"account",
     "Kontonummer numéro_de_compte número_de_cuenta rekeningnummer account_number bankAccountNumber "
     "acctNumber accountNumber__c beneficiary_account_no"},
    {"passport",
     "passport_number passportNo passportNumber__c"},
    {"national_id",
     "nationalId national_id_number tax_id taxIdNumber tax_id__c personalIdNumber"},
    {"device_owner",
     "deviceName device_name"},
    {"api_secret",
     "apiKey api_key client_secret access_token"},
};

// Orders, payments, devices, logs, Kubernetes, analytics, maps, tickets, warehouses, media, schools, clinics.
constexpr const char* kOrdinaryNames =
    "id uuid guid ref reference external_id externalReference source sourceSystem channel channelId "
    "createdAt updatedAt deletedAt created_by updated_by createdBy modifiedBy lastModified last_modified "
    "version revision etag checksum hash digest signature orderId order_id orderNumber order_no "
    "orderStatus order_total orderDate orderLines lineItems line_items lineNumber lineTotal line_id "
    "line1_total sku skuCode productId productName product_name productCode productType productCategory "
    "productDescription variantId variantName itemId itemName itemCount itemPrice quantity qty unit "
    "unitPrice unit_price unitOfMeasure uom currency currencyCode amount totalAmount subtotal discount "
    "discountCode couponCode promoCode promotionId voucher giftWrap taxRate taxAmount tax_total taxClass "
    "taxIncluded shippingMethod shippingCost shipping_fee shippingStatus shippingCarrier carrier "
    "carrierName carrierCode trackingNumber trackingUrl tracking_status parcelWeight weight height width "
    "length depth dimensions invoiceId invoiceNumber invoice_date dueDate due_date paymentTerms "
    "paymentMethod payment_method_type paymentStatus paymentIntent paymentId payment_reference paymentType "
    "captureMethod captureId refundId refundReason refundAmount chargeId chargeback disputeId "
    "disputeReason authCode authorizationCode auth_code authorizationId responseCode response_code "
    "responseText responseMessage resultCode errorCode errorMessage error_description errorType "
    "declineCode decline_reason acquirerId acquirerReferenceNumber acquirerName issuerName issuerCountry "
    "issuerCode issuer_bank bankName bank_name bankCode bankCountry merchantId merchantName merchant_name "
    "merchantCategory merchantCategoryCode mcc merchantCity merchant_city merchantCountry merchantAddress "
    "merchantUrl merchantType terminalId terminalType terminal_city terminalCountry entryMode posEntryMode "
    "pos_entry_mode cardType card_type cardBrand cardScheme cardCategory cardLevel cardStatus cardProduct "
    "cardId card_id cardToken cardPresent cardCountry card_issuer cardNetwork cardFunding cardArtUrl "
    "panSource panStatus pan_length panEntryMode cardLast4 last4 lastFour first6 bin iin binCountry "
    "cvvResult cvv_result cvvPresent cvv_check cvc_check avsResult avs_result avsResponse avs_code "
    "address_line1_check address_zip_check pinVerified pinRequired pinTryCounter pinTries pin_attempts "
    "pin_required pinEntryCapability pinChangeRequired pinPolicy pinLength expiryCheck tokenStatus "
    "tokenType tokenRequestorId tokenReferenceId tokenUniqueReference token_type tokenAssuranceLevel "
    "tokenExpiry walletId walletProvider wallet_type wallet_name eci threeDSVersion threeDSServerTransID "
    "dsTransID acsTransID acsUrl challengeIndicator messageVersion messageType transStatus "
    "transStatusReason transactionId transaction_id transactionType transaction_type transactionDate "
    "transactionStatus transactionTime settlementDate settlementCurrency batchId batchNumber stan rrn arn "
    "traceNumber retrievalReferenceNumber deviceId device_id deviceType device_type deviceModel "
    "device_model deviceBrand deviceManufacturer deviceOs deviceStatus deviceClass platform os osName "
    "os_name osVersion appId appName app_name appVersion appBuild bundleId packageName sdkVersion firmware "
    "firmwareVersion hardware hardwareRevision modelName model_name modelNumber manufacturer screenSize "
    "screenResolution screenWidth screenHeight pixelRatio orientation batteryLevel battery_status "
    "networkType network_name connectionType signalStrength simSlot simState carrier_type roaming locale "
    "language languageCode timezone timeZone tz userAgent user_agent browser browserName browserVersion "
    "browser_language engineName viewport colorDepth javaEnabled touchSupport isMobile is_mobile "
    "mobileFirst mobile_app_version mobile_enabled phoneModel phone_model phoneType phone_type phoneBrand "
    "phoneOs phoneColor phoneVerified phone_verified phoneRequired phoneCountry phone_carrier phoneStatus "
    "phone_count phoneConfirmed emailVerified email_verified emailStatus emailType emailTemplate "
    "email_template emailTemplateId emailSubject emailBody emailProvider emailDomain emailClient "
    "emailCampaign email_campaign_id emailConsent emailOptIn emailOptOut email_opt_in emailNotifications "
    "emailEnabled emailSent emailCount emailBounced email_frequency emailFormat emailPreferences "
    "emailRequired emailConfirmed hasEmail hasPhone hasPassword has_address requireEmail requiresPhone "
    "requirePassword allowSms smsEnabled sms_enabled smsOptIn smsTemplate smsProvider smsCount faxEnabled "
    "addressType address_type addressFormat addressStatus addressVerified addressValidation addressCount "
    "address_count addressSource addressRequired address_match addressBook addressSpace address_family "
    "addressVerificationResult nameFormat name_format nameOrder name_match nameMatch nameScore nameSource "
    "nameType nameLength nameSpace namespace namePrefix nameSuffix nameserver name_servers nameTag "
    "nameTemplate nameOfFile name_of_product passwordPolicy password_policy passwordResetUrl "
    "passwordExpired passwordExpires password_expires_in passwordStrength password_strength "
    "passwordChanged passwordChangedAt password_changed_at passwordRequired passwordLength passwordHistory "
    "passwordAttempts passwordHint password_reset passwordRules passwordLastSet passwordEnabled "
    "password_type ssnRequired ssn_required ssnVerified ssnStatus ssn_type ssnLast4 ssn_last4 ssnMatch "
    "ssnCheck taxIdType tax_id_type taxIdVerified taxIdStatus idType id_type idNumberType passportType "
    "passportCountry passport_status passportRequired passportVerified licenseType licenseStatus "
    "license_plan licenseKeyCount licenseClass license_state licenseModel birthCountry birth_order "
    "birthRate dobVerified dob_match dob_required ibanValid iban_verified ibanCountry ibanStatus "
    "accountType account_type accountStatus account_status accountId account_id accountName account_name "
    "accountManager accountTier account_tier accountAge accountBalance accountCurrency accountOpened "
    "accountClosed accountLevel accountSettings accountPlan accountUrl routingKey routing_key routingRule "
    "routingTable routing_type routingMode fileName file_name fileSize file_type filePath file_path "
    "fileUrl fileId file_extension folderName folder_path directory dirName dir_path path url uri link "
    "href slug title subtitle headline heading caption description summary abstract body content_type "
    "contentType contentLength mimeType encoding charset format template templateId templateName "
    "template_name layout layoutName theme themeName styleName className class_name cssClass tagName "
    "tag_name tagList labels label labelText category categoryName category_id categoryPath group "
    "groupName group_name groupId team teamName team_name projectName project_name projectId projectKey "
    "repository repoName repo_name branchName branch_name commitHash commit_message commitSha buildNumber "
    "build_id buildStatus pipelineName pipeline_id jobName job_name jobId taskName task_id taskType "
    "stepName step_id stageName workflowName workflow_id runId run_number namespaceName podName pod_name "
    "pod_ip_count nodeName node_name nodeSelector clusterName cluster_name containerName container_name "
    "containerImage imageName image_tag imagePullPolicy serviceName service_name serviceAccountName "
    "serviceType deploymentName replicaCount replicas minReplicas maxReplicas configMapName secretName "
    "secret_name secretRef secretKeyRef volumeName volumeMounts mountPath storageClassName ingressClass "
    "ingressName hostName host_name hostname hostPort containerPort targetPort portName protocol "
    "restartPolicy terminationMessage resourceVersion resourceName resource_type resourceId labelSelector "
    "annotations finalizers apiVersion apiGroup kind metadataName leaseName leaseDuration schedulerName "
    "priorityClassName topologyKey zoneName zone_id availabilityZone regionName region_name region_code "
    "dataCenter datacenter_id rack rackName domainName domain_name domainId dnsName dns_record recordType "
    "recordName ttl logLevel log_level logName logger loggerName logger_name threadName thread_name "
    "thread_id processName process_name processId pid ppid hostnameShort facility severity severityText "
    "priority eventId event_id eventType event_type eventName event_name eventCode eventSource "
    "eventCategory eventTime eventCity event_city eventLocation spanId span_id traceId trace_id "
    "parentSpanId correlationId requestId request_id requestMethod request_path requestUrl requestSize "
    "responseSize responseTime response_time statusCode status_code httpMethod http_status httpVersion "
    "method methodName functionName function_name exceptionName exceptionType exception_class stackTrace "
    "stack_trace moduleName module_name packageVersion libraryName library_version metricName metric_name "
    "metricType metricValue metric_unit gaugeName counterName counter_value histogramBucket dashboardName "
    "alertName alert_name alertStatus ruleName rule_name ruleId policyName policy_name policyId policyType "
    "policyVersion roleName role_name roleId roles permissionName permissions scope scopes grantType "
    "grant_type clientId client_id clientType clientVersion client_app tenantId tenantName tenant_name "
    "realm realmName issuer audience tokenEndpoint redirectUri redirect_uri responseType loginType "
    "login_count loginAttempts login_method lastLogin last_login lastLoginAt lastSeen sessionId session_id "
    "sessionType sessionDuration sessionState mfaEnabled mfaMethod mfa_type otpEnabled otp_length "
    "otpRequired otpExpiry otp_channel campaignName campaign_name campaignId campaign_source "
    "campaign_medium utm_source utm_medium utm_campaign utm_term utm_content adGroup ad_group_name adName "
    "ad_id adType adSlot creativeName creative_id placement placementName audienceName audience_id "
    "segmentName segment_name segmentId cohort cohortName funnelStep pageName page_name pageTitle "
    "page_title pageUrl page_path pageType pageViews page_number pageSize referrer referrerDomain "
    "landingPage exitPage sessionCount bounceRate clickCount click_id conversionRate conversionName "
    "goalName goal_id experimentName experiment_id variantKey variant_name featureName feature_name "
    "featureFlag feature_flag flagKey attributeName attribute_key attribute_type propertyName property_key "
    "property_type propertyValueType columnName column_name column_type tableName table_name tableSchema "
    "schemaName schema_name databaseName database_name dbName db_name indexName index_type constraintName "
    "triggerName viewName queryName query_id queryText queryPlan fieldName field_name fieldType field_type "
    "fieldLabel field_order dataType data_type dataFormat dataSource data_source datasetName dataset_id "
    "latitude longitude lat lng lon altitude bearing speed accuracy geohash geometry geometryType "
    "coordinates bbox boundingBox crs srid projection layerName layer_name layerId mapName map_name "
    "mapType mapStyle mapPin map_pin pinColor pin_color pinIcon pinned pinCount isPinned poiName poi_type "
    "placeId place_name placeType venueName venue_name venueCity venue_city venueType routeName route_name "
    "routeId stopName stop_name stopId stationName station_name stationCode stationCity airportCode "
    "airport_name airportCity airport_city airlineName airline_code flightNumber flight_no flightStatus "
    "gate seat seatNumber seat_class cabinClass cabin_class boardingPass boarding_pass boardingGroup "
    "fareClass fareType departureCity departure_airport arrivalCity arrival_airport originCity origin_city "
    "destinationCity destination_city hotelName hotel_name hotelId roomType room_number roomNumber "
    "roomName checkIn checkOut checkinDate nights guestsCount adults children_count mealPlan ticketId "
    "ticket_id ticketNumber ticketType ticket_status ticketSubject ticket_title issueKey issue_id "
    "issueType issue_status issueTitle priorityName severityLevel assigneeGroup queueName queue_name "
    "slaName sla_status escalationLevel resolution resolutionTime boardName board_name boardId sprintName "
    "sprint_id epicName epic_key milestoneName releaseName release_name releaseNotes componentName "
    "component_id changeType changeReason approvalStatus approval_required commentCount comment_id "
    "attachmentName attachment_name attachmentType attachmentSize storeName store_name storeId storeCity "
    "store_city storeType storeNumber storeHours warehouseName warehouse_name warehouseId warehouseCity "
    "warehouse_city binLocation aisle shelf slot lotNumber lot_id serialNumber serial_number assetTag "
    "assetName asset_id assetType equipmentName equipmentId sensorName sensor_name sensorId sensorType "
    "reading readingValue threshold thresholdMin calibrationDate firmwareHash vehicleType vehicleModel "
    "vehicleMake vehicle_color vehicleStatus odometer fuelType engineType trimLevel licensePlateCountry "
    "fleetName fleet_id driverAssist driver_version driverName_format songName trackName track_name "
    "trackNumber track_count trackId albumName artistName artist_name playlistName genre movieTitle "
    "seriesName seasonNumber episodeName gameName gameMode levelName teamScore playerCount matchId "
    "matchDate leagueName courseName course_name courseCode lessonName examName gradeLevel schoolName "
    "school_name universityName bookTitle publisherName isbn edition chapterName companyName company_name "
    "companyId companyType companySize company_city organizationName organization_name organizationId "
    "orgName org_name orgUnit departmentName department_name departmentId businessName business_name "
    "businessType brandName brand_name vendorName vendor_name vendorId supplierName supplier_name "
    "supplierCode partnerName partner_name partnerId agencyName officeName office_city office_location "
    "branchCode branch_city employerName employer_name industry industryCode sector sectorName spin "
    "pinterest mapping mapper important importance passthrough passive passed passRate pass_rate "
    "pass_count passFail passing compass bypass encompass expirationPolicy expires_in expiresIn expiresAt "
    "expires_at expireTime expiryDays expiry_days offerExpiry sessionExpiry session_expires tokenExpires "
    "cacheExpires lease_expiration streetView street_view streetlightId zipFile zip_file zipped zipArchive "
    "unzip gzip cellId cell_id cellType cellValue cell_format cellColor rowCount columnCount sheetName "
    "sheet_name macOS macVersion macro macroName ipCountry ip_country ip_version ipRange_count "
    "ipReputation ip_type vinDecoder vin_check state stateCode state_code status statusReason nickelCount "
    "handyman smartphone headphone microphone telescope telemetry intel faxQueue titleCase namesake "
    "username_taken username_available usernameExists emailExists subscription subscriptionId "
    "subscription_status subscriptionPlan planName plan_name planId planType tierName tier_name "
    "packageType packageName2 benefitName benefit_type coverageType coverage_level claimType claimStatus "
    "claim_number claimReason diagnosisCode procedureCode encounterType encounterClass specimenType "
    "labName lab_name testName test_name testCode test_result resultUnit referenceRange medicationName "
    "medication_code dosage dosageForm routeOfAdministration frequency vaccineName vaccineCode "
    "manufacturerName";
// clang-format on

TEST(PiiVocabulary, NamesOfPii) {
    for (const Names& row : kNamesOfPii)
        for (const std::string& name : words_of(row.names))
            EXPECT_EQ(detector_of(name), row.detector) << name;
}

// Persons, and their names, in languages where a name's word is also another one: only together.
TEST(PiiVocabulary, PersonsAndTheirNamesInOtherLanguages) {
    struct Words {
        const char* whose;
        const char* name;
    };
    for (const auto& [whose, name] : {Words{"korisnik", "ime"},
                                      {"zákazník", "jméno"},
                                      {"uporabnik", "ime"},
                                      {"klientas", "vardas"},
                                      {"klients", "vārds"},
                                      {"müşteri", "ad"},
                                      {"destinatar", "nume"},
                                      {"khách_hàng", "tên"},
                                      {"kasutaja", "eesnimi"},
                                      {"mteja", "jina"},
                                      {"customer", "emri"}})
        EXPECT_EQ(scrubbed("{" + in_quotes(whose) + ": {" + in_quotes(name) + ": \"Marten\"}}"),
                  "{" + in_quotes(whose) + ": {}}");
    for (const char* name : {"ad", "ten", "ism", "ime", "familia", "laqab"}) {
        const std::string document = std::string("{\"campaign\": {\"") + name + "\": \"Spring Sale\"}}";
        EXPECT_EQ(scrubbed(document), document);
    }
}

TEST(PiiVocabulary, OrdinaryNamesLeaveOrdinaryValues) {
    const std::vector<std::string> names = words_of(kOrdinaryNames);
    EXPECT_GT(names.size(), 1200u);
    constexpr std::string_view kValues[] = {R"("standard")",
                                            R"("Some Title Text")",
                                            R"("ACTIVE")",
                                            R"("a1b2c3")",
                                            R"("2026-01-02T03:04:05Z")",
                                            R"("2026-01-02")",
                                            R"("https://example.com/x")",
                                            R"("12")",
                                            R"("v1.2.3")",
                                            R"("order_created")",
                                            "12",
                                            "3600",
                                            "0.5",
                                            "1764000000",
                                            "true",
                                            R"("Acme Ltd")",
                                            R"("Blue")",
                                            R"("en-US")",
                                            R"("10:30")"};
    for (const std::string& name : names)
        for (std::string_view value : kValues) {
            const std::string document = "{\"" + name + "\":" + std::string(value) + "}";
            EXPECT_EQ(scrubbed(document), document);
        }
}

// ---- a generator: what may stand before and behind a phrase, in every style

struct Phrase {
    std::vector<const char*> words;
    const char* detector;
};
const std::vector<Phrase> kPhrases = {{{"first", "name"}, "person_name"},
                                      {{"last", "name"}, "person_name"},
                                      {{"surname"}, "person_name"},
                                      {{"full", "name"}, "person_name"},
                                      {{"street", "address"}, "address"},
                                      {{"postal", "code"}, "address"},
                                      {{"address", "line", "1"}, "address"},
                                      {{"date", "of", "birth"}, "birth_date"},
                                      {{"birth", "date"}, "birth_date"},
                                      {{"phone", "number"}, "phone"},
                                      {{"mobile", "phone"}, "phone"},
                                      {{"email", "address"}, "email"},
                                      {{"email"}, "email"},
                                      {{"ssn"}, "ssn"},
                                      {{"national", "id"}, "national_id"},
                                      {{"passport", "number"}, "passport"},
                                      {{"account", "number"}, "account"},
                                      {{"card", "number"}, "pan"},
                                      {{"iban"}, "iban"},
                                      {{"cvv"}, "cvv"},
                                      {{"password"}, "password"}};

std::string in_style(const std::vector<std::string>& words, int style) {
    std::string name;
    for (const std::string& word : words) {
        if (!name.empty() && style < 4) name += std::string_view("_-. ")[static_cast<size_t>(style)];
        std::string part = word;
        const bool capital = style == 5 || (style == 4 && !name.empty());
        if (capital) part[0] = static_cast<char>(part[0] & ~0x20);
        if (style == 6) {
            if (!name.empty()) name += '_';
            for (char& c : part) c = c >= 'a' && c <= 'z' ? static_cast<char>(c & ~0x20) : c;
        }
        name += part;
    }
    return name;
}
constexpr int kStyles = 7;  // snake, kebab, dots, blanks, camel, Pascal, UPPER

TEST(PiiVocabulary, WordsAroundAPhraseInEveryStyle) {
    for (const Phrase& phrase : kPhrases)
        for (const char* before : {"", "customer", "main", "applicant", "xq", "co_borrower", "kyc"})
            for (const char* behind :
                 {"", "value", "en", "c", "db", "xqz", "of_applicant", "from_crm", "1", "local"})
                for (int style = 0; style < kStyles; ++style) {
                    std::vector<std::string> words;
                    const auto add = [&words](std::string_view text) {
                        for (size_t at = 0; at < text.size();) {
                            const size_t end = std::min(text.find('_', at), text.size());
                            words.emplace_back(text.substr(at, end - at));
                            at = end + 1;
                        }
                    };
                    add(before);
                    words.insert(words.end(), phrase.words.begin(), phrase.words.end());
                    add(behind);
                    const std::string name = in_style(words, style);
                    EXPECT_EQ(detector_of(name), phrase.detector) << name;
                }
}

TEST(PiiVocabulary, WordsThatTakeTheMeaningAwayInEveryStyle) {
    for (const Phrase& phrase : kPhrases) {
        const bool only_remove = std::string_view(phrase.detector) == "cvv";
        for (const char* behind : {"verified", "status", "type", "required", "count", "policy", "template",
                                   "hash", "attempts", "format", "enabled", "id", "label"})
            for (int style = 0; style < kStyles; ++style) {
                std::vector<std::string> words(phrase.words.begin(), phrase.words.end());
                words.emplace_back(behind);
                EXPECT_EQ(detector_of(in_style(words, style)), "none") << in_style(words, style);
            }
        for (const char* before : {"has", "is", "masked", "hashed", "require"})
            for (int style = 0; style < kStyles && !only_remove; ++style) {
                std::vector<std::string> words{before};
                words.insert(words.end(), phrase.words.begin(), phrase.words.end());
                EXPECT_EQ(detector_of(in_style(words, style)), "none") << in_style(words, style);
            }
    }
}

TEST(PiiVocabulary, OrganisationsAndThingsHaveNamesAndCities) {
    for (const char* whose :
         {"merchant", "bank", "store", "event", "airport", "warehouse", "product", "file", "school"})
        for (int style = 0; style < kStyles; ++style)
            for (const char* what : {"name", "city"})
                EXPECT_EQ(detector_of(in_style({whose, what}, style)), "none") << whose << what;
    for (const char* whose :
         {"customer", "patient", "recipient", "driver", "applicant", "buyer", "ubo", "witness"})
        for (int style = 0; style < kStyles; ++style) {
            EXPECT_EQ(detector_of(in_style({whose, "name"}, style)), "person_name") << whose;
            EXPECT_EQ(detector_of(in_style({whose, "city"}, style)), "address") << whose;
        }
}

TEST(PiiVocabulary, AmbiguousNamesNeedValuesOfTheForm) {
    struct Values {
        const char* name;
        const char* pii;
        const char* other;
    };
    constexpr Values kValues[] = {
        {"expires", R"("12/27" "0930" "2029-05" "Sep 2032" "march '29")",
         R"(3600 "3600" "never" "Mayor 2032" "May" "2027-01-01T00:00:00Z" 86400 "30d" 7 "soon")"},
        {"expiry", R"("11/28")", R"("30 days" 30 "session" 1764000000)"},
        {"pass", R"("hunter2" "Tr0ub4dor&3" "aB3dE6" 482913)",
         R"("granted" "boarding" "Season" "VIP" true "all")"},
        {"pin", R"("4821" "048213" 4821)", R"("red" "left" 17 "top-left" "A5")"},
        {"zip", R"("10115" "94105-1234" "SW1A 1AA" 94105)", R"("archive.zip" "application/zip" "yes" 3)"},
        {"track1", R"("%B4111111111111111^DOE/J^2712101")",
         R"("Bohemian Rhapsody" "01 Intro" "Yellow Submarine - Remix")"},
        {"track2", R"("4111111111111111D27121010000")", R"("Live at Wembley 1986" "side-b")"},
        {"cryptogram", R"("A1B2C3D4E5F60718" "AAABBWMSIQAAAAAAAAAAAAAAAAA=")",
         R"("required" "none" "not present")"},
        {"mobile", R"("+49 151 23456789" "0151 23456789")", R"("android" true "full" "768px")"},
        {"cell", R"("415 555 0123")", R"("A10000" "B12" 12 "header")"},
        {"cells", R"("+49 151 23456789" "0151-234-56789")", R"("310-26-5521-70431" "262-01-9911-12004")"},
        {"gsm", R"("+36 30 662 9675" "30 662 9675")", R"("900 MHz" "GSM 1800" "full-rate")"},
        {"psc", R"("602 00" "11000")", R"("connected" "on")"},
        {"rfc", R"("GODE561231GR8")", R"("RFC 7231" "7231" 7231)"},
        {"sin", R"("046 454 286")", R"("0.7071" 0.5 "original")"},
        {"tin", R"("912-34-5678")", R"("can" "Sn 50" 12)"},
        {"first_name_source_xy", "", R"("import")"},
        {"firstNameXq", R"("Joe" "Ana María")", R"("field_1" "joe.txt" "12")"},
        {"clientName", R"("Joe Doe" "Ana de la Cruz")", R"("My App" "web" "checkout-service" "Acme Ltd")"},
        {"agent_name", R"("Jane Roe")", R"("filebeat" "Fluent-Bit" "GPT-4" "curl/8.1")"},
        {"passwordField", R"("s3cr3t!")", R"("password" "Text Box" "new-password")"},
        {"addressXq", R"("12 High Street" "Rua Augusta")",
         R"("0x00ff" "x86" "relative" "/dev/mem" "http://a.b/c")"},
        {"accountName", "", R"("Acme Ltd" "Joe's Main Account")"},
        {"deviceName", R"("Anna's iPhone")", R"("iPhone 15 Pro" "Pixel 8")"},
        {"fullName", R"("Joe Doe" "Cher")",
         R"("{{full_name}}" "${NAME}" "<your name>" "Enter your name" "N/A")"},
        {"address", R"("12 High Street")",
         R"("https://example.com/a" "${ADDRESS}" "Please enter your address")"}};
    for (const Values& row : kValues) {
        const auto quoted = [](const char* text) {  // values separated by blanks, strings in quotes
            std::vector<std::string> values;
            std::string value;
            bool inside = false;
            for (const char* c = text; *c != 0; ++c) {
                inside ^= *c == '"';
                if (*c == ' ' && !inside) {
                    values.push_back(value);
                    value.clear();
                } else {
                    value += *c;
                }
            }
            if (!value.empty()) values.push_back(value);
            return values;
        };
        const auto document = [&row](const std::string& value) {
            return "{\"" + std::string(row.name) + "\":" + value + "}";
        };
        for (const std::string& value : quoted(row.pii))
            EXPECT_EQ(scrubbed(document(value)), "{}") << document(value);
        for (const std::string& value : quoted(row.other))
            EXPECT_EQ(scrubbed(document(value)), document(value));
    }
}

}  // namespace
}  // namespace gpsync::core::pii
