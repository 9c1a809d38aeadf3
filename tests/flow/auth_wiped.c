/* auth_wiped.c - a password is nowhere in this process's memory once its handle is closed, on the heap
 * that was freed as little as on the stacks. Linux: it reads /proc/self/mem. */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

/* Made up character by character, so that the program itself does not hold it; and longer than a vector
 * register, which the dynamic linker may leave on the stack when it binds a call. */
enum { LEN = 150 };

static char secret_at(size_t i)
{
    return (char)('0' + i * 7 % 73);
}

#define ASK                                                                                        \
    "HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm=\"r\", qop=\"auth\", nonce=\"n\"\r\n"      \
    "Content-Length: 0\r\n\r\n"

static bool is_secret(const unsigned char *at, size_t step)
{
    for (size_t i = 0; i < LEN; i++)
        if (at[i * step] != (unsigned char)secret_at(i))
            return false;
    return true;
}

/* How often it stands there, in units of `step` bytes. */
static unsigned count_in(FILE *memory, unsigned long from, unsigned long to, size_t step)
{
    static unsigned char window[1 << 16];
    unsigned found = 0;

    for (unsigned long at = from; at < to; at += sizeof(window) - LEN * step) {
        size_t want = to - at < sizeof(window) ? to - at : sizeof(window), got;

        memset(window, 0, sizeof(window)); /* it is memory of this process, too */
        if (fseeko(memory, (off_t)at, SEEK_SET) != 0)
            return found;
        got = fread(window, 1, want, memory);
        for (size_t i = 0; i + LEN * step <= got; i++)
            found += is_secret(window + i, step);
    }
    memset(window, 0, sizeof(window));
    return found;
}

static unsigned count_everywhere(size_t step)
{
    FILE *maps = fopen("/proc/self/maps", "r"), *memory = fopen("/proc/self/mem", "r");
    unsigned long from, to;
    unsigned found = 0;
    char line[512], rights[8];

    if (!maps || !memory)
        SKIP("/proc/self/mem cannot be read");
    setvbuf(memory, NULL, _IONBF, 0);
    while (fgets(line, sizeof(line), maps))
        if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3 && rights[1] == 'w')
            found += count_in(memory, from, to, step);
    fclose(maps);
    fclose(memory);
    return found;
}

/* The application's own copy, which is its business. */
static void reveal(WCHAR out[static LEN + 1])
{
    for (size_t i = 0; i < LEN; i++)
        out[i] = (WCHAR)secret_at(i);
    out[LEN] = 0;
}

static void log_on(struct web *web, DWORD scheme, bool by_option)
{
    WCHAR password[LEN + 1];
    volatile WCHAR *forget = password;

    reveal(password);
    if (by_option) {
        SUCCEEDS(
            WinHttpSetOption(web->request, WINHTTP_OPTION_USERNAME, (void *)text_wide("u"), 1));
        SUCCEEDS(WinHttpSetOption(web->request, WINHTTP_OPTION_PASSWORD, password, LEN));
    } else {
        SUCCEEDS(WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER, scheme,
                                       text_wide("u"), password, NULL));
    }
    for (size_t i = 0; i < LEN; i++)
        forget[i] = 0;
}

TEST_IN_BOTH_MODES(auth_wiped, no_password_outlives_its_handle)
{
    struct server *srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                                           {EXPECT_HEADER, "Authorization"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {REPLY, ASK},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, "Authorization"},
                                                           {REPLY, HELLO},
                                                           {EXPECT, "GET"},
                                                           {REPLY, ASK},
                                                           {EXPECT, "GET"},
                                                           {EXPECT_HEADER, "Authorization"},
                                                           {REPLY, HELLO},
                                                           {END}});
    struct web web = web_open(srv, mode, "GET", "/");

    log_on(&web, WINHTTP_AUTH_SCHEME_BASIC, false);
    CHECK(count_everywhere(1) > 0); /* it can be found where it is */
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close_request(&web);
    web_request(&web, srv, "GET", "/");
    log_on(&web, WINHTTP_AUTH_SCHEME_DIGEST, false);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close_request(&web);
    web_request(&web, srv, "GET", "/");
    log_on(&web, 0, true);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    web_close(&web);
    CHECK_EQ(count_everywhere(1), 0);
    CHECK_EQ(count_everywhere(sizeof(WCHAR)), 0);
    server_stop(&srv);
}
