/* winhttp_exports.c - what include/winhttp.h declares, the library exports: natively, and once more
 * for programs with 2-byte WCHARs where the declaration says so. The lists are made from the header
 * when the build is configured. */
#include "test.h"

#include <dlfcn.h>
#include <stdio.h>

static const char *const declared[] = {
#define DECLARED(name) #name,
#define DECLARED_WIDE(name)
#include "winhttp_declared.h"
#undef DECLARED
#undef DECLARED_WIDE
};

static const char *const declared_wide[] = {
#define DECLARED(name)
#define DECLARED_WIDE(name) #name "_utf16",
#include "winhttp_declared.h"
#undef DECLARED
#undef DECLARED_WIDE
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void *library(void)
{
    void *handle = dlopen(WINHTTP_LIBRARY, RTLD_NOW);

    if (!handle)
        FAIL("%s", dlerror());
    return handle;
}

TEST(exports, every_declared_function_is_there)
{
    void *handle = library();

    CHECK(COUNT(declared) >= 61);
    for (size_t i = 0; i < COUNT(declared); i++) {
        test_note("%s", declared[i]);
        WANT(dlsym(handle, declared[i]));
    }
    dlclose(handle);
}

TEST(exports, every_function_with_wide_text_is_there_for_utf_16_too)
{
    void *handle = library();

    CHECK(COUNT(declared_wide) >= 31);
    for (size_t i = 0; i < COUNT(declared_wide); i++) {
        test_note("%s", declared_wide[i]);
        WANT(dlsym(handle, declared_wide[i]));
    }
    dlclose(handle);
}

TEST(exports, nothing_of_the_engine_is_visible)
{
    void *handle = library();

    CHECK(!dlsym(handle, "wh_handle_pin"));
    CHECK(!dlsym(handle, "wh_url_split"));
    dlclose(handle);
}
