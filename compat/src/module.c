/* module.c - what an HMODULE names; see module.h.
 *
 * Three kinds of module, all entries of tables here; an HMODULE is the address of its entry and is
 * compared, never followed, before it is found in a table:
 *
 *   the program     GetModuleHandle(NULL)
 *   our DLLs        by their Windows names; their functions are those of the image that holds them
 *   real objects    opened by path, counted, closed with the last FreeLibrary
 *
 * A function of one of our DLLs is looked up with dlsym and must come from one of our images, so
 * that GetProcAddress(kernel32, "printf") finds nothing. In a program that links our libraries
 * statically, dlsym sees what the program exports: link it with -rdynamic.
 */
#define _GNU_SOURCE
#include "module.h"

#include <ctype.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <winerror.h>

#ifndef WINPOSIX_WINHTTP_FILE
#define WINPOSIX_WINHTTP_FILE "libwinhttp.so.0"
#endif

struct dll {
    const char *name;   /* without ".dll"                                                */
    const char *prefix; /* of its functions; NULL: all that no other DLL claims          */
    const char *probe;  /* a function it must have to exist; NULL: it is wincompat itself */
    enum win_messages messages;
};

static const struct dll dlls[] = {
    {"winhttp", "WinHttp", "WinHttpOpen", WIN_MESSAGES_HTTP},
    {"websocket", "WebSocket", "WebSocketCreateClientHandle", WIN_MESSAGES_NONE},
    {"wininet", "Internet", "InternetOpenA", WIN_MESSAGES_HTTP},
    {"crypt32", "Cert", "CertFreeCertificateContext", WIN_MESSAGES_NONE},
    {"kernel32", NULL, NULL, WIN_MESSAGES_SYSTEM},
    {"kernelbase", NULL, NULL, WIN_MESSAGES_SYSTEM},
    {"ntdll", "Rtl", "RtlGetVersion", WIN_MESSAGES_SYSTEM},
};
enum { DLL_COUNT = sizeof(dlls) / sizeof(dlls[0]) };

struct object {
    struct object *next;
    void *image; /* dlopen's  */
    unsigned uses;
};

static const char the_program;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct object *objects; /* guarded by lock */
static void *winhttp_image;    /* guarded by lock: opened because a program asked by name */

static const struct dll *dll_of(HMODULE module)
{
    for (size_t i = 0; i < DLL_COUNT; i++) {
        if ((const void *)module == (const void *)&dlls[i])
            return &dlls[i];
    }
    return NULL;
}

/* Lock held. */
static struct object *object_of(HMODULE module)
{
    struct object *object = objects;

    while (object && (void *)object != (void *)module)
        object = object->next;
    return object;
}

/* ---- our DLLs -------------------------------------------------------------------------------- */

static const void *image_of(const void *address)
{
    Dl_info info;

    return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

/* A symbol of ours wherever the library that has it was loaded to. */
static void *our_symbol(const char *name)
{
    void *found = dlsym(RTLD_DEFAULT, name);
    void *image;

    if (!found) {
        pthread_mutex_lock(&lock);
        image = winhttp_image;
        pthread_mutex_unlock(&lock);
        found = image ? dlsym(image, name) : NULL;
    }
    return found;
}

static bool is_loaded(const struct dll *dll)
{
    return !dll->probe || our_symbol(dll->probe);
}

/* Our own library, for a program that asks for winhttp.dll without having linked it. `load` false
 * only finds one that was loaded out of sight of RTLD_DEFAULT. */
static void open_winhttp(bool load)
{
    void *image = dlopen(WINPOSIX_WINHTTP_FILE, RTLD_LAZY | RTLD_LOCAL | (load ? 0 : RTLD_NOLOAD));

    if (!image)
        return;
    pthread_mutex_lock(&lock);
    if (winhttp_image) {
        pthread_mutex_unlock(&lock);
        dlclose(image);
        return;
    }
    winhttp_image = image;
    pthread_mutex_unlock(&lock);
}

/* The file part of a Windows or POSIX path. */
static const char *base_name(const char *path)
{
    const char *base = path;

    for (; *path; path++) {
        if (*path == '/' || *path == '\\' || (*path == ':' && path - base == 1))
            base = path + 1;
    }
    return base;
}

static const struct dll *dll_named(const char *name)
{
    const char *base = base_name(name);
    size_t len = strlen(base);

    if (len > 4 && strcasecmp(base + len - 4, ".dll") == 0)
        len -= 4;
    else if (len && base[len - 1] == '.')
        len--;
    for (size_t i = 0; i < DLL_COUNT; i++) {
        if (strlen(dlls[i].name) == len && strncasecmp(dlls[i].name, base, len) == 0)
            return &dlls[i];
    }
    return NULL;
}

static bool claims(const struct dll *dll, const char *name)
{
    if (dll->prefix)
        return strncmp(name, dll->prefix, strlen(dll->prefix)) == 0;
    for (size_t i = 0; i < DLL_COUNT; i++) {
        if (dlls[i].prefix && strncmp(name, dlls[i].prefix, strlen(dlls[i].prefix)) == 0)
            return false;
    }
    return isupper((unsigned char)name[0]) || strncmp(name, "lstr", 4) == 0;
}

static void *dll_symbol(const struct dll *dll, const char *name)
{
    void *found = claims(dll, name) ? our_symbol(name) : NULL;
    const void *home = dll->probe ? our_symbol(dll->probe) : (const void *)&dlls;

    return found && image_of(found) == image_of(home) ? found : NULL;
}

/* ---- the module table ------------------------------------------------------------------------ */

static HMODULE open_object(const char *path, bool load)
{
    void *image = dlopen(path, RTLD_LAZY | RTLD_LOCAL | (load ? 0 : RTLD_NOLOAD));
    struct object *object;

    if (!image)
        return NULL;
    pthread_mutex_lock(&lock);
    for (object = objects; object && object->image != image; object = object->next)
        ;
    if (object || !load) {
        dlclose(image);
        if (object && load)
            object->uses++;
    } else if ((object = malloc(sizeof(*object))) != NULL) {
        *object = (struct object){objects, image, 1};
        objects = object;
    } else {
        dlclose(image);
    }
    pthread_mutex_unlock(&lock);
    return (HMODULE)object;
}

HMODULE win_module_find(const char *name, bool load, DWORD *error)
{
    const struct dll *dll = name ? dll_named(name) : NULL;
    HMODULE module = NULL;

    if (!name)
        return (HMODULE)(void *)&the_program;
    if (dll && !is_loaded(dll) && strcmp(dll->name, "winhttp") == 0)
        open_winhttp(load);
    if (dll && is_loaded(dll))
        return (HMODULE)(void *)dll;
    if (!dll && strchr(name, '/'))
        module = open_object(name, load);
    if (!module)
        *error = ERROR_MOD_NOT_FOUND;
    return module;
}

HMODULE win_module_of_address(const void *address)
{
    const void *image = image_of(address);
    HMODULE found = NULL;

    if (!image)
        return NULL;
    pthread_mutex_lock(&lock);
    for (struct object *object = objects; object && !found; object = object->next) {
        Dl_info info;
        void *opened =
            dladdr(address, &info) ? dlopen(info.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;

        if (opened == object->image)
            found = (HMODULE)object;
        if (opened)
            dlclose(opened);
    }
    pthread_mutex_unlock(&lock);
    for (size_t i = 0; i < DLL_COUNT && !found; i++) {
        const void *home = dlls[i].probe ? our_symbol(dlls[i].probe) : (const void *)&dlls;

        if (image_of(home) == image)
            found = (HMODULE)(void *)&dlls[i];
    }
    return found;
}

bool win_module_is(HMODULE module)
{
    bool known;

    pthread_mutex_lock(&lock);
    known = (const void *)module == &the_program || dll_of(module) || object_of(module);
    pthread_mutex_unlock(&lock);
    return known;
}

void win_module_retain(HMODULE module)
{
    struct object *object;

    pthread_mutex_lock(&lock);
    object = object_of(module);
    if (object)
        object->uses++;
    pthread_mutex_unlock(&lock);
}

/* The program and our DLLs stay however often they are released, like DLLs that were linked. */
bool win_module_release(HMODULE module)
{
    struct object **at = &objects, *last = NULL;

    if ((const void *)module == &the_program || dll_of(module))
        return true;
    pthread_mutex_lock(&lock);
    while (*at && (void *)*at != (void *)module)
        at = &(*at)->next;
    bool known = *at != NULL;

    if (known && --(*at)->uses == 0) {
        last = *at;
        *at = last->next;
    }
    pthread_mutex_unlock(&lock);
    if (last)
        dlclose(last->image);
    free(last);
    return known;
}

enum win_messages win_module_messages(HMODULE module)
{
    const struct dll *dll = dll_of(module);

    return dll ? dll->messages : WIN_MESSAGES_NONE;
}

static void *plain_symbol(HMODULE module, const char *name)
{
    const struct dll *dll = dll_of(module);
    struct object *object;
    void *image;

    if (dll)
        return dll_symbol(dll, name);
    pthread_mutex_lock(&lock);
    object = object_of(module);
    image = object ? object->image : NULL;
    pthread_mutex_unlock(&lock);
    return image ? dlsym(image, name) : dlsym(RTLD_DEFAULT, name);
}

FARPROC win_module_symbol(HMODULE module, const char *name, bool utf16)
{
    char second[256];
    void *found = NULL;

    if (utf16 && (size_t)snprintf(second, sizeof(second), "%s_utf16", name) < sizeof(second))
        found = plain_symbol(module, second);
    if (!found)
        found = plain_symbol(module, name);
    return (FARPROC)(uintptr_t)found;
}

char *win_module_path(HMODULE module)
{
    const struct dll *dll = dll_of(module);
    const void *home = dll ? dll->probe ? our_symbol(dll->probe) : (const void *)&dlls : NULL;
    struct object *object;
    Dl_info info;

    if (!module || (const void *)module == &the_program)
        return win_program_path();
    if (home)
        return dladdr(home, &info) ? strdup(info.dli_fname) : NULL;
    pthread_mutex_lock(&lock);
    object = object_of(module);
    void *initial = object ? dlsym(object->image, "_init") : NULL;

    pthread_mutex_unlock(&lock);
    return initial && dladdr(initial, &info) ? strdup(info.dli_fname) : NULL;
}
