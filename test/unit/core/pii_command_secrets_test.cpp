// Secrets with a blank in front of them: options of command lines, lines of files with settings.
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "pii_scrub_helpers.hpp"

namespace gpsync::core::pii {
namespace {

std::string text_scrubbed(std::string_view text) {
    const std::string document = "{\"n\": " + in_quotes(text) + "}";
    const std::string once = scrubbed(document);
    EXPECT_EQ(scrubbed(once), once) << text;
    EXPECT_FALSE(has_pii(once)) << once;
    EXPECT_EQ(has_pii(document), once != document) << text;
    return once == "{}" ? "" : once;
}

void expect_gone(std::string_view before, std::string_view secret, std::string_view behind) {
    const std::string text = std::string(before) + std::string(secret) + std::string(behind);
    const std::string expected = std::string(before) + "[removed]" + std::string(behind);
    EXPECT_EQ(text_scrubbed(text), "{\"n\": " + in_quotes(expected) + "}");
}

void expect_stays(std::string_view text) {
    EXPECT_EQ(text_scrubbed(text), "{\"n\": " + in_quotes(text) + "}");
}

TEST(PiiCommandSecrets, TakesTheValuesOfLongOptions) {
    expect_gone("pg_restore --host db --password ", "Regen7", " shop");
    expect_gone("deploy --token ", "abcdefg", " --env prod");
    expect_gone("deploy --api-key ", "X81abc7", "");
    expect_gone("deploy --client-secret '", "k3Jx 81LmN0", "' -v");
    expect_gone("az login --username ann --password ", "kupferkanne", "");
    expect_gone("keytool -genkey -storepass ", "kupferkanne", " -alias x");
    expect_gone("openssl rsa -passin pass:", "kupferkanne", " -in x");
    expect_gone("java -jar x.jar --spring.datasource.password ", "kupferkanne", " &");
    expect_gone("x --db-pass ", "kupferkanne", "\nnext line");
}

TEST(PiiCommandSecrets, TakesTheShortOptionsOfKnownCommands) {
    expect_gone("mysql -u root -p", "S3cret", " shop");
    expect_gone("/usr/bin/mysqldump --all-databases -uroot -p", "kupferkanne", " > x.sql");
    expect_gone("sshpass -p ", "kupferkanne", " ssh root@db");
    expect_gone("redis-cli -h cache -a ", "kupferkanne", " -p 6379");
    expect_gone("docker login -u ann -p ", "kupferkanne", " registry.example.com");
    expect_gone("docker login \\\n -u ann \\\n -p ", "kupferkanne", " registry.example.com");
    expect_gone("cat x | 7z a -p", "kupferkanne", " x.7z dir");
    expect_gone("sqlplus scott/", "kupferkanne", "@db1");
    expect_gone("jdbc:oracle:thin:scott/", "kupferkanne", "@db:1521:orcl");
}

TEST(PiiCommandSecrets, TakesLinesOfFilesWithSettings) {
    expect_gone("machine api.example.com login ann password ", "kupferkanne", "");
    expect_gone("# mine\nmachine api.example.com\n  login ann\n  password ", "kupferkanne", "\nmachine b.io");
    expect_gone("default login anonymous password ", "kupferkanne", "");
    expect_gone("db1.example.com:5432:shop:ann:", "kupferkanne", "");
    expect_gone("*:*:*:ann:", "kupferkanne", "\n# end");
    expect_gone("FROM x\nENV DB_PASSWORD ", "kupfer kanne", "\nRUN y");
    expect_gone("setx DB_PASSWORD ", "kupferkanne", "");
    expect_gone("_auth=", "YW5uOmt1cGZlcmthbm5l", "");
    expect_gone("db:\n  host: db1\n  password: |\n    ", "kupferkanne", "\n  port: 5432");
}

TEST(PiiCommandSecrets, TakesCredentialsOfDocker) {
    EXPECT_EQ(scrubbed(R"({"auths":{"r.example.com":{"auth":"YW5uOmt1cGZlcmthbm5l"}},"x":1})"),
              R"({"auths":{"r.example.com":{}},"x":1})");
    EXPECT_EQ(scrubbed(R"({"config":"{\"auths\":{\"r.example.com\":{\"auth\":\"YW5uOmt1cGZlcg==\"}}}"})"),
              R"({"config":"{\"auths\":{\"r.example.com\":{}}}"})");
    for (const std::string stays :
         {R"({"auth":"success"})", R"({"auth":"ntlm","x":{"auth":{"type":"basic"}}})",
          R"({"auth":"c3VjY2Vzc2Z1bA=="})"})
        EXPECT_EQ(scrubbed(stays), stays);
}

TEST(PiiCommandSecrets, LeavesWhatIsSaidOfOptions) {
    for (const std::string_view text : {"use --password to give one",
                                        "the --password option is needed",
                                        "--token-endpoint https://a.io/t",
                                        "--password-file /run/secrets/x",
                                        "read it with --password stdin",
                                        "Pass --token explicitly.",
                                        "use the flag --token instead",
                                        "run it with --secret or --token",
                                        "--api-key ${API_KEY} --x",
                                        "you need both --user, --password and --host",
                                        "--private-key /etc/ssl/key.pem",
                                        "--password env:DB_PASSWORD",
                                        "mysql -u root -p",
                                        "mysql -u root -p -h db",
                                        "mysql -u root -port 3306",
                                        "mkdir -p /var/lib/x",
                                        "ssh -p 2222 db1",
                                        "docker run -p 8080:80 nginx",
                                        "tar -xpf x.tar",
                                        "redis-cli -p 6379",
                                        "ssh login -p 2222",
                                        "gcc -pg x.c",
                                        "java -XX:+UseG1GC --token-bucket 5",
                                        "cp -p kupfer kanne",
                                        "mysql x; cp -pR kupfer kanne"})
        expect_stays(text);
}

TEST(PiiCommandSecrets, LeavesOtherLines) {
    for (const std::string_view text :
         {"machine learning login page", "a\nmachine learning\nlogin page\npassword reset",
          "ENV NODE_ENV production", "a\nENV PATH /usr/bin", "src/main.c:1234:x:y:z", "a:80:b:c:d",
          "default login page", "arn:*:s3:eu:bucket", "setenv LANG de", "client_auth=none", "_auth=basic"})
        expect_stays(text);
}

}  // namespace
}  // namespace gpsync::core::pii
