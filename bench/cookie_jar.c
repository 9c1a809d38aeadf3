/* cookie_jar.c - what cookies cost a request: a jar of 1,000 in 50 domains, 20 for each.
 *
 *     cookie_jar [rounds]
 *
 * Prints nanoseconds per request that sends 20 cookies, per request to a host without any, per
 * Set-Cookie that replaces one, and per request of a session whose jar is empty.
 */
#include "core/base/clock.h"
#include "core/http/cookie_jar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOMAINS = 50, EACH = 20 };

#define NOW INT64_C(1767225600)

static char hosts[DOMAINS + 1][32];

static struct wh_cookie_site site_of(int i)
{
    return (struct wh_cookie_site){
        .host = {hosts[i], strlen(hosts[i])}, .path = WH_STR("/shop/cart?item=1"), .secure = true};
}

static void set(struct wh_cookie_jar *jar, int domain, int number)
{
    struct wh_cookie_site site = site_of(domain);
    char line[128];
    int len = snprintf(line, sizeof(line),
                       "name%d=0123456789abcdef0123456789abcdef; Path=/; Secure", number);

    if (!wh_cookie_jar_set(jar, &site, (struct wh_str){line, (size_t)len}, NOW))
        abort();
}

static void ask(struct wh_cookie_jar *jar, int domain, struct wh_buf *out, size_t wanted)
{
    struct wh_cookie_site site = site_of(domain);

    wh_buf_reset(out);
    if (wh_cookie_jar_put(jar, &site, NOW, out) != WH_OK || (out->len > 0) != (wanted > 0))
        abort();
}

static void report(const char *what, uint64_t from_us, long rounds)
{
    printf("%-36s %8.0f ns\n", what, (double)(wh_now_us() - from_us) * 1000.0 / (double)rounds);
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : 200000;
    struct wh_cookie_jar jar, empty;
    struct wh_buf out;
    uint64_t start;

    wh_cookie_jar_init(&jar, NULL);
    wh_cookie_jar_init(&empty, NULL);
    wh_buf_init(&out, 1 << 20);
    for (int i = 0; i <= DOMAINS; i++)
        snprintf(hosts[i], sizeof(hosts[i]), "www.shop%d.example", i);
    for (int i = 0; i < DOMAINS * EACH; i++)
        set(&jar, i % DOMAINS, i / DOMAINS);
    start = wh_now_us();
    for (long i = 0; i < rounds; i++)
        ask(&jar, (int)(i % DOMAINS), &out, EACH);
    report("request, 20 of 1,000 cookies sent", start, rounds);
    start = wh_now_us();
    for (long i = 0; i < rounds; i++)
        ask(&jar, DOMAINS, &out, 0);
    report("request, none of 1,000 sent", start, rounds);
    start = wh_now_us();
    for (long i = 0; i < rounds; i++)
        set(&jar, (int)(i % DOMAINS), (int)(i % EACH));
    report("Set-Cookie that replaces", start, rounds);
    start = wh_now_us();
    for (long i = 0; i < rounds; i++)
        ask(&empty, 0, &out, 0);
    report("request, empty jar", start, rounds);
    wh_buf_free(&out);
    wh_cookie_jar_destroy(&jar);
    wh_cookie_jar_destroy(&empty);
    return 0;
}
