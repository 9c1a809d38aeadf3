/* net_tls_verify.c - certificates: each fault alone, all together, and what each ignore bit takes
 * away. Real handshakes with an OpenSSL server, real certificates.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "net_link.h"
#include "test.h"

static const char names[] = "www.example.com,*.wild.example.com,127.0.0.1,::1";

static struct cert *mint(struct cert_options options)
{
    cert_trust();
    options.names = options.names ? options.names : names;
    return cert_new(&options);
}

/* What a client with `ignore` says to `cert` for `host`. */
static struct wh_tls_verdict judge(const struct cert *cert, const char *host, unsigned ignore)
{
    struct wh_tls_config config = wh_tls_config_default();
    struct wh_tls_verdict verdict;
    SSL_CTX *ctx = link_server(cert);
    enum wh_err err;

    config.ignore = ignore;
    err = link_try(ctx, &config, host, &verdict);
    CHECK_EQ(err, verdict.faults_fatal ? WH_E_TLS_VERDICT : WH_OK);
    CHECK(verdict.reached);
    SSL_CTX_free(ctx);
    return verdict;
}

/* `cert` has exactly `fault`; ignoring it is enough, and ignoring all others is not. */
static void check_only_fault(const struct cert *cert, const char *host, unsigned fault)
{
    struct wh_tls_verdict verdict = judge(cert, host, 0);

    CHECK_EQ(verdict.faults_found, fault);
    CHECK_EQ(verdict.faults_fatal, fault);
    verdict = judge(cert, host, WH_TLS_IGNORABLE & ~fault);
    CHECK_EQ(verdict.faults_fatal, fault);
    verdict = judge(cert, host, fault);
    CHECK_EQ(verdict.faults_found, fault);
    CHECK_EQ(verdict.faults_fatal, fault & ~(unsigned)WH_TLS_IGNORABLE);
}

static void make_expired(struct cert *cert, EVP_PKEY *signer)
{
    X509_gmtime_adj(X509_getm_notBefore(cert_x509(cert)), -20000);
    X509_gmtime_adj(X509_getm_notAfter(cert_x509(cert)), -10000);
    CHECK(X509_sign(cert_x509(cert), signer, EVP_sha256()) > 0);
}

TEST(tls_verify, a_good_certificate_has_no_fault)
{
    struct cert *cert = mint((struct cert_options){0});

    CHECK_EQ(judge(cert, "www.example.com", 0).faults_found, 0);
    CHECK_EQ(judge(cert, "WWW.Example.COM", 0).faults_found, 0);
    CHECK_EQ(judge(cert, "www.example.com.", 0).faults_found, 0);
    CHECK_EQ(judge(cert, "127.0.0.1", 0).faults_found, 0);
    CHECK_EQ(judge(cert, "::1", 0).faults_found, 0);
    CHECK_EQ(judge(cert, "[::1]", 0).faults_found, 0);
    CHECK_EQ(judge(cert, "a.wild.example.com", 0).faults_found, 0);
    cert_free(&cert);
}

TEST(tls_verify, an_intermediate_is_followed)
{
    struct cert *middle = mint((struct cert_options){.common_name = "Middle", .is_ca = true});
    struct cert *cert = mint((struct cert_options){.issuer = middle});

    CHECK_EQ(judge(cert, "www.example.com", 0).faults_found, 0);
    cert_free(&cert);
    cert_free(&middle);
}

TEST(tls_verify, a_wrong_host_is_cn)
{
    static const char *const hosts[] = {
        "example.com",
        "ww.example.com",
        "www.example.com.evil.test",
        "wild.example.com",
        "a.b.wild.example.com",
        ".wild.example.com",
        "127.0.0.2",
        "::2",
        "xwww.example.com",
        ".example.com",
    };
    struct cert *cert = mint((struct cert_options){0});

    for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
        test_note("%s", hosts[i]);
        check_only_fault(cert, hosts[i], WH_TLS_CN);
    }
    cert_free(&cert);
}

TEST(tls_verify, wildcards_are_whole_left_most_labels)
{
    static const char *const bad[] = {"w*.example.com", "*w.example.com", "www.*.com", "*.com",
                                      "*"};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct cert *cert = mint((struct cert_options){.names = bad[i]});

        test_note("%s", bad[i]);
        CHECK_EQ(judge(cert, "www.example.com", 0).faults_found, WH_TLS_CN);
        CHECK_EQ(judge(cert, "example.com", 0).faults_found, WH_TLS_CN);
        cert_free(&cert);
    }
}

TEST(tls_verify, the_common_name_counts_only_without_dns_names)
{
    struct cert_options options = {.common_name = "old.example.com"};
    struct cert *with, *without;

    cert_trust();
    without = cert_new(&options);
    options.names = "new.example.com";
    with = cert_new(&options);
    CHECK_EQ(judge(without, "old.example.com", 0).faults_found, 0);
    CHECK_EQ(judge(with, "old.example.com", 0).faults_found, WH_TLS_CN);
    CHECK_EQ(judge(with, "new.example.com", 0).faults_found, 0);
    cert_free(&with);
    cert_free(&without);
}

TEST(tls_verify, an_address_must_be_an_address_entry)
{
    struct cert_options options = {.common_name = "127.0.0.1", .names = "localhost"};
    struct cert *cert;

    cert_trust();
    cert = cert_new(&options);
    CHECK_EQ(judge(cert, "127.0.0.1", 0).faults_found, WH_TLS_CN);
    cert_free(&cert);
}

TEST(tls_verify, expired_and_not_yet_valid_are_date)
{
    struct cert *old = mint((struct cert_options){.fault = CERT_EXPIRED});
    struct cert *early = mint((struct cert_options){.fault = CERT_NOT_YET_VALID});

    check_only_fault(old, "www.example.com", WH_TLS_DATE);
    check_only_fault(early, "www.example.com", WH_TLS_DATE);
    cert_free(&old);
    cert_free(&early);
}

TEST(tls_verify, an_expired_intermediate_is_date)
{
    struct cert *middle = mint((struct cert_options){.common_name = "Old", .is_ca = true});
    struct cert *cert = mint((struct cert_options){.issuer = middle});

    make_expired(middle, cert_key(cert_ca()));
    check_only_fault(cert, "www.example.com", WH_TLS_DATE);
    cert_free(&cert);
    cert_free(&middle);
}

TEST(tls_verify, self_signed_unknown_root_and_incomplete_chain_are_invalid_ca)
{
    struct cert *self = mint((struct cert_options){.fault = CERT_SELF_SIGNED});
    struct cert *root = mint(
        (struct cert_options){.common_name = "Stranger", .fault = CERT_SELF_SIGNED, .is_ca = true});
    struct cert *strange = mint((struct cert_options){.issuer = root});
    struct cert *middle = mint((struct cert_options){.common_name = "Absent", .is_ca = true});
    struct cert *alone = mint((struct cert_options){.issuer = middle});
    SSL_CTX *ctx = link_server(alone);
    struct wh_tls_config config = wh_tls_config_default();
    struct wh_tls_verdict verdict;

    check_only_fault(self, "www.example.com", WH_TLS_INVALID_CA);
    check_only_fault(strange, "www.example.com", WH_TLS_INVALID_CA);
    SSL_CTX_clear_chain_certs(ctx);
    CHECK_EQ(link_try(ctx, &config, "www.example.com", &verdict), WH_E_TLS_VERDICT);
    CHECK_EQ(verdict.faults_found, WH_TLS_INVALID_CA);
    SSL_CTX_free(ctx);
    cert_free(&alone);
    cert_free(&middle);
    cert_free(&strange);
    cert_free(&root);
    cert_free(&self);
}

TEST(tls_verify, a_leaf_cannot_issue)
{
    struct cert *leaf = mint((struct cert_options){.common_name = "Not a CA"});
    struct cert *cert = mint((struct cert_options){.issuer = leaf});

    CHECK(judge(cert, "www.example.com", 0).faults_fatal & WH_TLS_INVALID_CA);
    cert_free(&cert);
    cert_free(&leaf);
}

TEST(tls_verify, a_client_certificate_is_wrong_usage)
{
    struct cert *cert = mint((struct cert_options){.fault = CERT_CLIENT_ONLY});

    check_only_fault(cert, "www.example.com", WH_TLS_WRONG_USAGE);
    cert_free(&cert);
}

/* Flip a bit of the signature, which is at the end of the encoding. */
static void break_signature(struct cert *cert)
{
    const ASN1_BIT_STRING *signature;

    X509_get0_signature(&signature, NULL, cert_x509(cert));
    ((ASN1_BIT_STRING *)signature)->data[signature->length - 1] ^= 1;
}

TEST(tls_verify, a_wrong_signature_is_invalid_cert_and_cannot_be_ignored)
{
    struct cert *cert = mint((struct cert_options){0});

    break_signature(cert);
    check_only_fault(cert, "www.example.com", WH_TLS_INVALID_CERT);
    CHECK_EQ(judge(cert, "www.example.com", ~0u).faults_fatal, WH_TLS_INVALID_CERT);
    cert_free(&cert);
}

TEST(tls_verify, a_weak_key_is_channel_and_cannot_be_ignored)
{
    struct cert *cert = mint((struct cert_options){0});
    EVP_PKEY *weak = EVP_RSA_gen(768);
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    struct wh_tls_config config = wh_tls_config_default();
    struct wh_tls_verdict verdict;

    CHECK(weak != NULL);
    X509_set_pubkey(cert_x509(cert), weak);
    X509_sign(cert_x509(cert), cert_key(cert_ca()), EVP_sha256());
    SSL_CTX_set_security_level(ctx, 0);
    CHECK_EQ(SSL_CTX_use_certificate(ctx, cert_x509(cert)), 1);
    CHECK_EQ(SSL_CTX_use_PrivateKey(ctx, weak), 1);
    CHECK_EQ(link_try(ctx, &config, "www.example.com", &verdict), WH_E_TLS_VERDICT);
    CHECK_EQ(verdict.faults_found, WH_TLS_CHANNEL);
    config.ignore = ~0u;
    CHECK_EQ(link_try(ctx, &config, "www.example.com", &verdict), WH_E_TLS_VERDICT);
    CHECK_EQ(verdict.faults_fatal, WH_TLS_CHANNEL);
    SSL_CTX_free(ctx);
    EVP_PKEY_free(weak);
    cert_free(&cert);
}

/* Everything at once: client usage, foreign root, expired, other host; all sixteen ignore sets. */
TEST(tls_verify, each_ignore_bit_removes_exactly_its_own_fault)
{
    struct cert *root = mint(
        (struct cert_options){.common_name = "Stranger", .fault = CERT_SELF_SIGNED, .is_ca = true});
    struct cert *cert = mint((struct cert_options){.issuer = root, .fault = CERT_CLIENT_ONLY});

    make_expired(cert, cert_key(root));
    for (unsigned ignore = 0; ignore <= WH_TLS_IGNORABLE; ignore++) {
        struct wh_tls_verdict verdict = judge(cert, "other.example.com", ignore);

        test_note("ignoring %#x", ignore);
        CHECK_EQ(verdict.faults_found, WH_TLS_IGNORABLE);
        CHECK_EQ(verdict.faults_fatal, WH_TLS_IGNORABLE & ~ignore);
    }
    cert_free(&cert);
    cert_free(&root);
}

TEST(tls_verify, an_expired_self_signed_certificate_fails_by_date_alone_if_the_ca_is_ignored)
{
    struct cert *cert = mint((struct cert_options){.fault = CERT_SELF_SIGNED});
    struct wh_tls_verdict verdict;

    make_expired(cert, cert_key(cert));
    verdict = judge(cert, "www.example.com", WH_TLS_INVALID_CA);
    CHECK_EQ(verdict.faults_found, WH_TLS_INVALID_CA | WH_TLS_DATE);
    CHECK_EQ(verdict.faults_fatal, WH_TLS_DATE);
    cert_free(&cert);
}

/* In both versions: the server gets the alert, and nothing else of ours. */
static void check_refusal(int version, const struct cert *cert, int alert)
{
    struct wh_tls_config config = wh_tls_config_default();
    SSL_CTX *ctx = link_server(cert);
    struct wh_cert *seen = NULL;
    struct link link;
    size_t put, got, len;
    enum wh_want want;
    char byte = 'x';

    SSL_CTX_set_max_proto_version(ctx, version);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    link_open(&link, ctx, &config, "www.example.com");
    CHECK_EQ(link_handshake(&link), WH_E_TLS_VERDICT);
    CHECK(!link.server_done);
    CHECK_EQ(link.server_alert, alert);
    CHECK_EQ(wh_tls_write(link.tls, &byte, 1, &put, &want), WH_E_TLS_VERDICT);
    CHECK_EQ(wh_tls_read(link.tls, &byte, 1, &got, &want), WH_E_TLS_VERDICT);
    wh_tls_close_notify(link.tls);
    CHECK_EQ(wh_tls_peer_cert_count(link.tls), 1);
    CHECK_EQ(wh_tls_peer_cert(link.tls, 0, &seen), WH_OK);
    CHECK_EQ(X509_cmp(wh_cert_x509(seen), cert_x509(cert)), 0);
    CHECK(wh_cert_der(seen, &len) && len > 100);
    CHECK(strlen(wh_tls_verdict(link.tls).text) > 10);
    wh_cert_unref(&seen);
    link_close(&link);
    SSL_CTX_free(ctx);
}

TEST(tls_verify, a_refused_server_gets_the_right_alert_and_its_certificate_can_be_read)
{
    static const struct {
        enum cert_fault fault;
        int alert;
    } cases[] = {
        {CERT_SELF_SIGNED, SSL_AD_UNKNOWN_CA},
        {CERT_EXPIRED, SSL_AD_CERTIFICATE_EXPIRED},
        {CERT_CLIENT_ONLY, SSL_AD_UNSUPPORTED_CERTIFICATE},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct cert *cert = mint((struct cert_options){.fault = cases[i].fault});

        test_note("case %zu", i);
        check_refusal(TLS1_2_VERSION, cert, cases[i].alert);
        check_refusal(TLS1_3_VERSION, cert, cases[i].alert);
        cert_free(&cert);
    }
}

/* --- where trust comes from ------------------------------------------------------------------- */

/* The file under which a hashed directory holds `root`. */
static void write_hashed(const char *dir, X509 *root)
{
    char path[400];
    FILE *file;
    int ok = 0;

    snprintf(path, sizeof(path), "%s/%08lx.0", dir,
             X509_NAME_hash_ex(X509_get_subject_name(root), NULL, NULL, &ok));
    CHECK(ok);
    file = fopen(path, "w");
    CHECK(file != NULL);
    CHECK_EQ(PEM_write_X509(file, root), 1);
    fclose(file);
}

TEST(tls_verify, roots_come_from_a_hashed_directory_and_are_read_anew_when_told)
{
    struct cert *root = mint(
        (struct cert_options){.common_name = "Filed", .fault = CERT_SELF_SIGNED, .is_ca = true});
    struct cert *cert = mint((struct cert_options){.issuer = root});
    char *file = strdup(getenv("SSL_CERT_FILE"));
    char *old_dir = strdup(getenv("SSL_CERT_DIR"));
    char dir[300];

    snprintf(dir, sizeof(dir), "%s/hashed", test_temp_dir());
    CHECK_EQ(mkdir(dir, 0700), 0);
    write_hashed(dir, cert_x509(root));
    setenv("SSL_CERT_FILE", "/nonexistent", 1);
    CHECK_EQ(judge(cert, "www.example.com", 0).faults_found, WH_TLS_INVALID_CA); /* not yet read */
    setenv("SSL_CERT_DIR", dir, 1);
    wh_tls_forget();
    CHECK_EQ(judge(cert, "www.example.com", 0).faults_found, 0);
    setenv("SSL_CERT_FILE", file, 1);
    setenv("SSL_CERT_DIR", old_dir, 1);
    wh_tls_forget();
    CHECK_EQ(judge(cert, "www.example.com", 0).faults_found, WH_TLS_INVALID_CA);
    free(file);
    free(old_dir);
    cert_free(&cert);
    cert_free(&root);
}

/* ---- revocation ------------------------------------------------------------------------------ */

static unsigned ask_staple(enum cert_staple staple, enum wh_tls_revocation revocation, int version)
{
    struct cert *cert = mint((struct cert_options){0});
    struct wh_tls_config config = wh_tls_config_default();
    struct wh_tls_verdict verdict;
    SSL_CTX *ctx = link_server(cert);
    enum wh_err err;

    SSL_CTX_set_max_proto_version(ctx, version);
    cert_use_staple(ctx, cert, staple);
    config.revocation = revocation;
    err = link_try(ctx, &config, "www.example.com", &verdict);
    CHECK_EQ(err, verdict.faults_fatal ? WH_E_TLS_VERDICT : WH_OK);
    CHECK_EQ(verdict.faults_fatal, verdict.faults_found);
    SSL_CTX_free(ctx);
    cert_free(&cert);
    return verdict.faults_found;
}

/* RFC 6960, sections 2.2 and 3.2: what is not certainly good is not good. */
TEST(tls_verify, a_stapled_response_says_whether_the_certificate_was_revoked)
{
    static const struct {
        enum cert_staple staple;
        unsigned if_known, required;
    } all[] = {
        {STAPLE_NONE, 0, WH_TLS_REV_FAILED},
        {STAPLE_GOOD, 0, 0},
        {STAPLE_REVOKED, WH_TLS_REVOKED, WH_TLS_REVOKED},
        {STAPLE_UNKNOWN, 0, WH_TLS_REV_FAILED},
        {STAPLE_OLD, 0, WH_TLS_REV_FAILED},
        {STAPLE_FROM_STRANGER, 0, WH_TLS_REV_FAILED},
        {STAPLE_GARBAGE, 0, WH_TLS_REV_FAILED},
    };
    static const int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        for (size_t v = 0; v < 2; v++) {
            test_note("staple %u, version %zu", all[i].staple, v);
            CHECK_EQ(ask_staple(all[i].staple, WH_TLS_REVOCATION_UNCHECKED, versions[v]), 0);
            CHECK_EQ(ask_staple(all[i].staple, WH_TLS_REVOCATION_IF_KNOWN, versions[v]),
                     all[i].if_known);
            CHECK_EQ(ask_staple(all[i].staple, WH_TLS_REVOCATION_REQUIRED, versions[v]),
                     all[i].required);
        }
}
