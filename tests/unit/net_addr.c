/* net_addr.c - numeric addresses: what is one, what is not, and how it reads. */
#include <arpa/inet.h>
#include <string.h>
#include <time.h>

#include "core/net/addr.h"
#include "test.h"

TEST(addr, numbers_are_parsed_and_printed)
{
    static const struct {
        const char *host, *text;
        int family;
    } cases[] = {
        {"127.0.0.1", "127.0.0.1", AF_INET},
        {"255.255.255.255", "255.255.255.255", AF_INET},
        {"0.0.0.0", "0.0.0.0", AF_INET},
        {"::1", "::1", AF_INET6},
        {"[::1]", "::1", AF_INET6},
        {"2001:DB8:0::0:1", "2001:db8::1", AF_INET6},
        {"::ffff:1.2.3.4", "::ffff:1.2.3.4", AF_INET6},
        {"::", "::", AF_INET6},
        {"fe80::1%lo", "fe80::1%lo", AF_INET6},
        {"[fe80::1%25lo]", "fe80::1%lo", AF_INET6},
        {"fe80::1%1", "fe80::1%lo", AF_INET6},
        {"fe80::1%25", "fe80::1%25", AF_INET6},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct wh_addr addr;

        test_note("%s", cases[i].host);
        CHECK(wh_addr_parse(&addr, cases[i].host, 8080));
        CHECK_EQ(addr.sa.sa_family, cases[i].family);
        CHECK_EQ(wh_addr_port(&addr), 8080);
        CHECK_STR(addr.text, cases[i].text);
    }
}

TEST(addr, names_and_half_addresses_are_left_alone)
{
    static const char *const names[] = {
        "",
        "localhost",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4 ",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "0x7f.0.0.1",
        "2130706433",
        "[127.0.0.1]",
        "[::1",
        "::1]",
        "[]",
        "[::1]x",
        ":::",
        "1:2:3:4:5:6:7",
        "fe80::1%",
        "fe80::1%nosuchif",
        "%lo",
        "::1%25%25",
        "1.2.3.1000",
        "12345::",
        "fe80::1%abcdefghijklmnopqrstuvwxyz",
        "1111:2222:3333:4444:5555:6666:7777:8888:9999:1111:2222:3333",
    };
    struct wh_addr addr, untouched;

    memset(&addr, 0x5a, sizeof(addr));
    memcpy(&untouched, &addr, sizeof(addr));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        test_note("%s", names[i]);
        CHECK(!wh_addr_is_numeric(names[i]));
        CHECK(!wh_addr_parse(&addr, names[i], 80));
        CHECK_MEM(&addr, &untouched, sizeof(addr));
    }
}

TEST(addr, a_list_keeps_order_and_takes_another_port)
{
    struct wh_addr addrs[2];
    struct wh_addr_list *list, *other, *again;

    CHECK(wh_addr_parse(&addrs[0], "::1", 80));
    CHECK(wh_addr_parse(&addrs[1], "127.0.0.1", 80));
    list = wh_addr_list_new(addrs, 2);
    other = wh_addr_list_with_port(list, 443);
    again = wh_addr_list_ref(list);
    wh_addr_list_unref(&list);
    CHECK(!list);
    CHECK_EQ(again->count, 2);
    CHECK(wh_addr_equal(&again->at[0], &addrs[0]));
    CHECK(!wh_addr_equal(&other->at[0], &addrs[0]));
    CHECK_EQ(wh_addr_port(&other->at[1]), 443);
    CHECK(wh_addr_is_loopback(&again->at[0]));
    CHECK(wh_addr_is_loopback(&again->at[1]));
    wh_addr_list_unref(&again);
    wh_addr_list_unref(&other);
    wh_addr_list_unref(&other);
}

TEST(addr, unknown_families_are_refused)
{
    struct sockaddr_storage odd = {.ss_family = AF_UNIX};
    struct wh_addr addr;

    CHECK(!wh_addr_from_sockaddr(&addr, (struct sockaddr *)&odd, sizeof(odd)));
}

/* RFC 3986, section 3.2.2: dec-octets, no leading zero. */
TEST(addr, an_ipv4_address_reads_as_it_was_written)
{
    static const char *const written[] = {"0.0.0.0", "255.255.255.255", "10.0.100.9",
                                          "1.20.199.200"};

    for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++) {
        struct wh_addr parsed, copied;

        CHECK(wh_addr_parse(&parsed, written[i], 8080));
        CHECK(wh_addr_from_sockaddr(&copied, &parsed.sa, parsed.len));
        CHECK_STR(copied.text, written[i]);
        CHECK(wh_addr_equal(&parsed, &copied));
    }
}
