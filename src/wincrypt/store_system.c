/* store_system.c - what "ROOT", "MY" and the other system stores are on this platform.
 *
 *      ROOT, AuthRoot, CA   the certificates that TLS trusts here: the files that SSL_CERT_FILE and
 *                           SSL_CERT_DIR name, else the system's bundle
 *      any other name       all certificate files in a directory of that name, keys included:
 *                             $WINHTTP_CERT_STORES/NAME                        where that is set
 *                             $XDG_CONFIG_HOME or ~/.config, /winhttp/certs/NAME   the user's
 *                             /etc/winhttp/certs/NAME                              the machine's
 *
 * Names are case-insensitive on Windows: upper case is tried, then the name as given. MY exists always,
 * perhaps empty. What is in a directory and cannot be read as certificates is passed over.
 */
#include "wincrypt/store.h"

#include "core/net/tls.h"

#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "compat/net/socket.h"

enum { NAME_MAX_BYTES = 64 };

static bool is_root(const char *name)
{
    return strcasecmp(name, "ROOT") == 0 || strcasecmp(name, "AuthRoot") == 0 ||
           strcasecmp(name, "CA") == 0;
}

/* A name is one file name: letters, digits, '-', '_' and '.', not first. */
static bool is_plain(const char *name)
{
    size_t len = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    return len > 0 && len < NAME_MAX_BYTES && name[len] == '\0' && name[0] != '.';
}

/* *error gets ERROR_NOT_ENOUGH_MEMORY: half of what is trusted would be worse than nothing. */
static bool add_directory(struct wh_store *store, const char *path, DWORD *error)
{
    DIR *dir = opendir(path);
    struct dirent *entry;

    if (!dir)
        return false;
    while ((entry = readdir(dir)) != NULL) {
        char file[PATH_MAX];
        int len = snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);

        if (entry->d_name[0] != '.' && len > 0 && (size_t)len < sizeof(file) &&
            wh_store_add_file(store, file) == ERROR_NOT_ENOUGH_MEMORY)
            *error = ERROR_NOT_ENOUGH_MEMORY;
    }
    closedir(dir);
    return true;
}

/* The directory in which the stores of the user or the machine are. */
static bool stores_path(char into[static PATH_MAX], bool of_machine)
{
    const char *own = wh_env_trusted("WINHTTP_CERT_STORES");
    const char *config = wh_env_trusted("XDG_CONFIG_HOME"), *home = wh_env_trusted("HOME");
    int len;

    if (own && *own)
        len = snprintf(into, PATH_MAX, "%s", own);
    else if (of_machine)
        len = snprintf(into, PATH_MAX, "/etc/winhttp/certs");
    else if (config && *config == '/')
        len = snprintf(into, PATH_MAX, "%s/winhttp/certs", config);
    else if (home && *home == '/')
        len = snprintf(into, PATH_MAX, "%s/.config/winhttp/certs", home);
    else
        return false;
    return len > 0 && len < PATH_MAX;
}

static bool add_named(struct wh_store *store, const char *name, bool of_machine, DWORD *error)
{
    char base[PATH_MAX], path[PATH_MAX + NAME_MAX_BYTES + 1], upper[NAME_MAX_BYTES];
    size_t i = 0;

    if (!stores_path(base, of_machine))
        return false;
    for (; name[i]; i++)
        upper[i] = (char)toupper((unsigned char)name[i]);
    upper[i] = '\0';
    snprintf(path, sizeof(path), "%s/%s", base, upper);
    if (add_directory(store, path, error))
        return true;
    snprintf(path, sizeof(path), "%s/%s", base, name);
    return strcmp(name, upper) != 0 && add_directory(store, path, error);
}

struct trusted {
    struct wh_store *store;
    DWORD error;
};

static void add_trusted_file(void *user, const char *path)
{
    struct trusted *trusted = user;

    if (wh_store_add_file(trusted->store, path) == ERROR_NOT_ENOUGH_MEMORY)
        trusted->error = ERROR_NOT_ENOUGH_MEMORY;
}

static void add_trusted_dir(void *user, const char *path)
{
    struct trusted *trusted = user;

    add_directory(trusted->store, path, &trusted->error);
}

DWORD wh_store_add_system(struct wh_store *store, const char *name, bool of_machine)
{
    struct trusted trusted = {.store = store};
    DWORD error = ERROR_SUCCESS;

    if (!is_plain(name))
        return ERROR_FILE_NOT_FOUND;
    if (is_root(name)) {
        wh_tls_trust_places(add_trusted_file, add_trusted_dir, &trusted);
        return trusted.error;
    }
    if (add_named(store, name, of_machine, &error) || strcasecmp(name, "MY") == 0)
        return error;
    return ERROR_FILE_NOT_FOUND;
}
