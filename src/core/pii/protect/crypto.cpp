#include "core/pii/protect/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <memory>

namespace gpsync::core::pii {

namespace {

const unsigned char* raw(std::string_view bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

}  // namespace

std::optional<Digest> hmac_sha256(std::string_view key, std::string_view message) {
    Digest digest;
    unsigned size = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), raw(message), message.size(),
             digest.data(), &size) == nullptr)
        return std::nullopt;
    return digest;
}

std::optional<Digest> sha256(std::string_view message) {
    Digest digest;
    unsigned size = 0;
    if (EVP_Digest(message.data(), message.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
        return std::nullopt;
    return digest;
}

std::optional<std::string> hkdf_sha256(std::string_view secret, std::string_view salt,
                                       std::string_view info_text, size_t length) {
    const auto extracted = hmac_sha256(salt, secret);
    if (!extracted) return std::nullopt;
    std::string out, block;
    for (char counter = 1; out.size() < length; ++counter) {
        block.append(info_text).push_back(counter);
        const auto next = hmac_sha256(bytes_of(*extracted), block);
        if (!next) return std::nullopt;
        block.assign(bytes_of(*next));
        out += block;
    }
    out.resize(length);
    return out;
}

std::optional<std::string> gcm_seal(const Key& key, std::string_view nonce, std::string_view additional,
                                    std::string_view plain) {
    const CipherContext context(EVP_CIPHER_CTX_new());
    std::string out(plain.size() + kGcmTagBytes, '\0');
    int size = 0, last = 0;
    if (!context ||
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), raw(nonce)) != 1 ||
        EVP_EncryptUpdate(context.get(), nullptr, &size, raw(additional),
                          static_cast<int>(additional.size())) != 1 ||
        EVP_EncryptUpdate(context.get(), raw(out), &size, raw(plain), static_cast<int>(plain.size())) != 1 ||
        EVP_EncryptFinal_ex(context.get(), raw(out) + size, &last) != 1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kGcmTagBytes, raw(out) + plain.size()) != 1)
        return std::nullopt;
    return out;
}

std::optional<std::string> gcm_open(const Key& key, std::string_view nonce, std::string_view additional,
                                    std::string_view sealed) {
    if (sealed.size() < kGcmTagBytes) return std::nullopt;
    const CipherContext context(EVP_CIPHER_CTX_new());
    const std::string_view cipher = sealed.substr(0, sealed.size() - kGcmTagBytes);
    std::string tag(sealed.substr(cipher.size())), out(cipher.size(), '\0');
    int size = 0, last = 0;
    if (!context ||
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), raw(nonce)) != 1 ||
        EVP_DecryptUpdate(context.get(), nullptr, &size, raw(additional),
                          static_cast<int>(additional.size())) != 1 ||
        EVP_DecryptUpdate(context.get(), raw(out), &size, raw(cipher), static_cast<int>(cipher.size())) !=
            1 ||
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kGcmTagBytes, tag.data()) != 1 ||
        EVP_DecryptFinal_ex(context.get(), raw(out) + size, &last) != 1)
        return std::nullopt;
    return out;
}

bool random_bytes(char* out, size_t count) {
    return RAND_bytes(reinterpret_cast<unsigned char*>(out), static_cast<int>(count)) == 1;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(void* data, size_t size) {
    OPENSSL_cleanse(data, size);
}

}  // namespace gpsync::core::pii
