/* tls_trust.c - the trusted roots, read once per process and shared by all contexts.
 *
 * Parsing the system's bundle costs 20 ms and 1.4 MB. A directory of certificates named by the hash
 * of their subject ("5ed36f99.0", made by c_rehash) costs nothing until a root is needed, and then
 * that root only: so where the system has one it is used instead of the bundle; both hold the same
 * roots. SSL_CERT_FILE and SSL_CERT_DIR (a list, ':' between) mean what they mean to OpenSSL: each
 * replaces its own default, so that with only SSL_CERT_FILE the system's directory still counts.
 */
#include "core/net/tls_private.h"

#include <dirent.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <openssl/err.h>

#include "compat/net/socket.h"

static pthread_mutex_t trust_lock = PTHREAD_MUTEX_INITIALIZER;
static X509_STORE *trust;

static const char *const usual_dirs[] = {
    "/etc/ssl/certs",
    "/etc/openssl/certs",
};

static const char *const usual_bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Arch      */
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL      */
    "/etc/pki/tls/certs/ca-bundle.crt",                  /* older ones        */
    "/etc/ssl/ca-bundle.pem",                            /* SUSE              */
    "/etc/ssl/cert.pem",                                 /* macOS, Alpine     */
    "/opt/homebrew/etc/openssl@3/cert.pem",
    "/usr/local/etc/openssl@3/cert.pem",
};

static bool is_hash_name(const char *name)
{
    return strspn(name, "0123456789abcdef") == 8 && name[8] == '.' && name[9] >= '0' &&
           name[9] <= '9';
}

static bool is_hashed_dir(const char *path)
{
    DIR *dir = opendir(path);
    struct dirent *entry;
    bool found = false;

    if (!dir)
        return false;
    while (!found && (entry = readdir(dir)) != NULL)
        found = is_hash_name(entry->d_name);
    closedir(dir);
    return found;
}

static void add_dirs(X509_STORE *store, const char *dirs)
{
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());

    if (lookup)
        X509_LOOKUP_add_dir(lookup, dirs, X509_FILETYPE_PEM);
}

static bool add_file(X509_STORE *store, const char *file)
{
    X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());

    return lookup && X509_LOOKUP_load_file(lookup, file, X509_FILETYPE_PEM) == 1;
}

/* The system's hashed directory: OpenSSL's own first. NULL if there is none. */
static const char *system_dir(void)
{
    const char *own = X509_get_default_cert_dir();

    if (is_hashed_dir(own))
        return own;
    for (size_t i = 0; i < sizeof(usual_dirs) / sizeof(usual_dirs[0]); i++)
        if (is_hashed_dir(usual_dirs[i]))
            return usual_dirs[i];
    return NULL;
}

static void add_system_bundle(X509_STORE *store)
{
    if (add_file(store, X509_get_default_cert_file()))
        return;
    for (size_t i = 0; i < sizeof(usual_bundles) / sizeof(usual_bundles[0]); i++)
        if (access(usual_bundles[i], R_OK) == 0 && add_file(store, usual_bundles[i]))
            return;
}

static X509_STORE *read_trust(void)
{
    const char *file = wh_env_trusted(X509_get_default_cert_file_env());
    const char *dirs = wh_env_trusted(X509_get_default_cert_dir_env());
    const char *system = file && dirs ? NULL : system_dir();
    X509_STORE *store = X509_STORE_new();

    if (!store)
        return NULL;
    if (file)
        add_file(store, file);
    if (dirs)
        add_dirs(store, dirs);
    if (system)
        add_dirs(store, system);
    else if (!file)
        add_system_bundle(store);
    ERR_clear_error(); /* a file that is not there leaves roots untrusted; it is no error */
    return store;
}

/* Each directory of a list with ':' between. */
static void tell_dirs(const char *dirs, void (*dir)(void *user, const char *path), void *user)
{
    while (*dirs) {
        size_t len = strcspn(dirs, ":");
        char path[PATH_MAX];

        if (len > 0 && len < sizeof(path)) {
            memcpy(path, dirs, len);
            path[len] = '\0';
            dir(user, path);
        }
        dirs += len + (dirs[len] == ':');
    }
}

static const char *system_bundle(void)
{
    const char *own = X509_get_default_cert_file();

    if (access(own, R_OK) == 0)
        return own;
    for (size_t i = 0; i < sizeof(usual_bundles) / sizeof(usual_bundles[0]); i++)
        if (access(usual_bundles[i], R_OK) == 0)
            return usual_bundles[i];
    return NULL;
}

void wh_tls_trust_places(void (*file)(void *user, const char *path),
                         void (*dir)(void *user, const char *path), void *user)
{
    const char *own_file = wh_env_trusted(X509_get_default_cert_file_env());
    const char *own_dirs = wh_env_trusted(X509_get_default_cert_dir_env());
    const char *bundle = own_file ? NULL : system_bundle(), *system = NULL;

    if (!(own_file && own_dirs) && !bundle)
        system = system_dir();
    if (own_file)
        file(user, own_file);
    if (own_dirs)
        tell_dirs(own_dirs, dir, user);
    if (system)
        dir(user, system);
    else if (bundle)
        file(user, bundle);
}

X509_STORE *wh_tls_trust_get(void)
{
    X509_STORE *store;

    pthread_mutex_lock(&trust_lock);
    if (!trust)
        trust = read_trust();
    store = trust;
    if (store)
        X509_STORE_up_ref(store);
    pthread_mutex_unlock(&trust_lock);
    return store;
}

void wh_tls_trust_forget(void)
{
    X509_STORE *store;

    pthread_mutex_lock(&trust_lock);
    store = trust;
    trust = NULL;
    pthread_mutex_unlock(&trust_lock);
    X509_STORE_free(store);
}
