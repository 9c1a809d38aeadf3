/* auth_trace.c - what a trace tells about authentication: that it happened, and no secret. A program of
 * its own, because where a trace goes is read once. */
#include "flow.h"

#include <stdio.h>
#include <stdlib.h>

#define ASK                                                                                        \
    "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", qop=\"auth\", "            \
    "nonce=\"n0nce\"\r\nContent-Length: 0\r\n\r\n"

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);

    CHECK(file != NULL && text != NULL);
    CHECK(fread(text, 1, (1 << 20) - 1, file) > 0);
    fclose(file);
    return text;
}

static void log_on(struct web *web, DWORD scheme)
{
    WCHAR *user = wcsdup(text_wide("Us3rName"));

    SUCCEEDS(WinHttpSetCredentials(web->request, WINHTTP_AUTH_TARGET_SERVER, scheme, user,
                                   text_wide("Pa55word"), NULL));
    free(user);
}

TEST(auth_trace, tells_no_user_no_password_and_no_answer)
{
    static const char *const secrets[] = {
        "Us3rName", "Pa55word", "VXMzck5hbWU6UGE1NXdvcmQ=", "n0nce", "response=", "uthorization: "};
    char files[2][512];
    struct server *srv;
    struct web web;

    snprintf(files[0], sizeof(files[0]), "%s/lines", test_temp_dir());
    snprintf(files[1], sizeof(files[1]), "%s/json", test_temp_dir());
    setenv("WINHTTP_TRACE", files[0], 1);
    setenv("WINHTTP_TRACE_JSON", files[1], 1);
    srv = server_play((const struct turn[]){{EXPECT, "GET"},
                                            {EXPECT_HEADER, "Authorization"},
                                            {REPLY, HELLO},
                                            {EXPECT, "GET"},
                                            {EXPECT_HEADER, "Authorization"},
                                            {REPLY, ASK},
                                            {EXPECT, "GET"},
                                            {EXPECT_HEADER, "Authorization"},
                                            {REPLY, ASK},
                                            {END}});
    web = web_open(srv, 0, "GET", "/");
    log_on(&web, WINHTTP_AUTH_SCHEME_BASIC);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 200);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 401);
    log_on(&web, WINHTTP_AUTH_SCHEME_DIGEST);
    CHECK_EQ(web_exchange(&web, NULL, 0).status, 401);
    web_close(&web);
    server_stop(&srv);
    for (int i = 0; i < 2; i++) {
        char *text = read_all(files[i]);

        CHECK(strstr(text, "127.0.0.1") != NULL); /* it is a trace of this */
        for (size_t k = 0; k < sizeof(secrets) / sizeof(secrets[0]); k++) {
            test_note("%s in %s", secrets[k], files[i]);
            CHECK(strstr(text, secrets[k]) == NULL);
        }
        free(text);
    }
}
