// What is said of persons alone, or hardly of anything else: sex, marital status, nationality, occupation,
// salary, mobile telephone. A bare "name" beside one of these is somebody's. Written as the words of
// vocabulary.hpp are.
#pragma once

#include <string_view>

namespace gpsync::core::pii::vocabulary {

// clang-format off
inline constexpr std::string_view kOfPersons =
    "gender sex sexe sexo sesso geschlecht geslacht kjonn kjoenn plec pohlavi pohlavie cinsiyet "
    "spol sugupuoli lytis dzimums jantina jeniskelamin gioitinh 性别 性別 성별 пол стать המין מין الجنس "
    "maritalstatus civilstatus civilstate familystatus estadocivil statocivile situationfamiliale "
    "etatcivil familienstand zivilstand burgerlijkestaat sivilstand sivilstatus civilstand "
    "civilstatusen stancywilny rodinnystav csaladiallapot bracnostanje medenihal siviilisaaty "
    "perekonnaseis seimosstatusas gimenesstavoklis starecivila statuskawin statusperkawinan "
    "tinhtranghonnhan семейноеположение сімейнийстан 婚姻状况 婚姻 婚姻状態 혼인여부 결혼여부 nationality "
    "nationalities citizenship nacionalidad nacionalidade nazionalita nationalite "
    "staatsangehoerigkeit staatsangehorigkeit staatsbuergerschaft staatsburgerschaft nationaliteit "
    "statsborgerskap statsborgerskab medborgarskap nationalitet obywatelstwo statniobcanstvo "
    "statneobcianstvo allampolgarsag drzavljanstvo uyruk kansalaisuus kodakondsus pilietybe "
    "pilsoniba cetatenie kewarganegaraan quoctich гражданство громадянство 国籍 國籍 국적 الجنسية "
    "pronouns religion agama religione ethnicity ethnicgroup etnia bloodtype bloodgroup "
    "gruposanguineo blutgruppe golongandarah 血型 혈액형 血液型 occupation profession jobtitle "
    "positiontitle profesion profissao professione beruf beroep ocupacion ocupacao zawod povolani "
    "povolanie foglalkozas meslek ammatti amet yrke pekerjaan nghenghiep профессия професія "
    "должность посада 职业 職業 직업 職位 职务 직위 salary grosssalary basesalary monthlysalary annualsalary "
    "hourlywage payrate sueldo salario salaire gehalt stipendio wynagrodzenie palkka gaji luong "
    "зарплата оклад 工资 给与 급여 hiredate datehired dateofhire employmentdate joiningdate "
    "dateofjoining startofemployment employmentstatus employmenttype fechaingreso "
    "fechacontratacion dateembauche eintrittsdatum datumindiensttreding dataadmissao "
    "dataassunzione datazatrudnienia datumnastupu isegiristarihi датаприема 入职日期 입사일 入社日 gpa "
    "enrollmentyear graduationyear yearofstudy homeroom shoesize eyecolor eyecolour haircolor "
    "haircolour diagnosis diagnoses allergies medicalhistory dateofdeath deceased deathdate "
    "nextofkin emergencycontact emergencycontactphone spouse spousename fathername mothername "
    "mothersmaidenname numberofchildren dependents mobile mobilephone mobileno mobilenumber "
    "mobilephonenumber cellphone cellnumber cellphonenumber handynummer celular movil "
    "telefonomovil telemovel cellulare gsmno matkapuhelin mobilnummer mobiltelefon komorka "
    "telkomorkowy ceptelefonu 手机 手机号 手机号码 휴대폰 휴대전화 携帯電話 smoker bodymassindex bmi";
// clang-format on

}  // namespace gpsync::core::pii::vocabulary
