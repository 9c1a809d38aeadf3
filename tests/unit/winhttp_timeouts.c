/* winhttp_timeouts.c - WinHttpSetTimeouts and the options of its values, without a network.
 * Numbers in names are those of the behaviour facts. */
#include "winhttp_options_kit.h"

static const DWORD timeouts[] = {WINHTTP_OPTION_RESOLVE_TIMEOUT, WINHTTP_OPTION_CONNECT_TIMEOUT,
                                 WINHTTP_OPTION_SEND_TIMEOUT, WINHTTP_OPTION_RECEIVE_TIMEOUT};

TEST(timeouts, fact_53_values_below_minus_one_are_refused_before_the_handle_is_looked_at)
{
    struct handles h = handles_open();
    HINTERNET all[] = {h.session, h.connection, h.request};

    for (int i = 0; i < 3; i++) {
        CHECK_EQ(set_timeouts(all[i], -2, 0, 0, 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_timeouts(all[i], 0, -2, 0, 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_timeouts(all[i], 0, 0, -2, 0), ERROR_INVALID_PARAMETER);
        CHECK_EQ(set_timeouts(all[i], 0, 0, 0, -2), ERROR_INVALID_PARAMETER);
    }
    handles_close(&h);
}

TEST(timeouts, facts_54_and_56_the_four_values_read_back)
{
    struct handles h = handles_open();
    HINTERNET both[] = {h.session, h.request};

    for (int i = 0; i < 2; i++) {
        CHECK_EQ(set_timeouts(both[i], 0, 0, 0, 0), ERROR_SUCCESS);
        CHECK_EQ(set_timeouts(both[i], -1, -1, -1, -1), ERROR_SUCCESS);
        CHECK_EQ(get_dword(both[i], WINHTTP_OPTION_RECEIVE_TIMEOUT), 0xffffffff);
        CHECK_EQ(set_timeouts(both[i], 1, 2, 3, 4), ERROR_SUCCESS);
        for (DWORD j = 0; j < 4; j++) {
            CHECK_EQ(get_dword(both[i], timeouts[j]), j + 1);
            CHECK_EQ(set_dword(both[i], timeouts[j], 0xbeefdead), ERROR_SUCCESS);
            CHECK_EQ(get_dword(both[i], timeouts[j]), 0xbeefdead);
        }
    }
    handles_close(&h);
}

TEST(timeouts, fact_55_a_connection_has_none_to_set)
{
    struct handles h = handles_open();

    CHECK_EQ(set_timeouts(h.connection, 1, 1, 1, 1), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    for (int i = 0; i < 4; i++)
        CHECK_EQ(set_dword(h.connection, timeouts[i], 1), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}

TEST(timeouts, fact_57_a_connection_shows_its_sessions_current_ones)
{
    struct handles h = handles_open();

    for (DWORD i = 0; i < 4; i++) {
        CHECK_EQ(set_dword(h.session, timeouts[i], 100 + i), ERROR_SUCCESS);
        CHECK_EQ(get_dword(h.connection, timeouts[i]), 100 + i);
        CHECK_EQ(set_dword(h.session, timeouts[i], 200 + i), ERROR_SUCCESS);
        CHECK_EQ(get_dword(h.connection, timeouts[i]), 200 + i);
    }
    handles_close(&h);
}

TEST(timeouts, facts_14_and_58_a_request_copies_them_and_is_then_on_its_own)
{
    struct handles h = handles_open();
    HINTERNET request;

    CHECK_EQ(set_timeouts(h.session, 1, 2, 3, 4), ERROR_SUCCESS);
    request = WinHttpOpenRequest(h.connection, NULL, NULL, NULL, NULL, NULL, 0);
    for (DWORD i = 0; i < 4; i++)
        CHECK_EQ(get_dword(request, timeouts[i]), i + 1);
    CHECK_EQ(set_timeouts(h.session, 9, 9, 9, 9), ERROR_SUCCESS);
    CHECK_EQ(get_dword(request, WINHTTP_OPTION_SEND_TIMEOUT), 3);
    CHECK_EQ(set_timeouts(request, 5, 5, 5, 5), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_SEND_TIMEOUT), 9);
    CHECK(WinHttpCloseHandle(request));
    handles_close(&h);
}

TEST(timeouts, fact_59_the_response_timeout_is_infinite_by_default)
{
    struct handles h = handles_open();

    CHECK_EQ(get_dword(h.session, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT), 0xffffffff);
    CHECK_EQ(get_dword(h.connection, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT), 0xffffffff);
    CHECK_EQ(get_dword(h.request, WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT), 0xffffffff);
    handles_close(&h);
}

TEST(timeouts, facts_60_and_61_the_response_timeout_is_never_below_the_receive_timeout)
{
    struct handles h = handles_open();
    const DWORD option = WINHTTP_OPTION_RECEIVE_RESPONSE_TIMEOUT;

    CHECK_EQ(set_dword(h.request, WINHTTP_OPTION_RECEIVE_TIMEOUT, 0xbeefdead), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.request, option, 30000), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.request, option), 0xbeefdead);
    CHECK_EQ(set_dword(h.session, WINHTTP_OPTION_RECEIVE_TIMEOUT, 48879), ERROR_SUCCESS);
    CHECK_EQ(set_dword(h.session, option, 48878), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, option), 48879);
    CHECK_EQ(set_dword(h.session, option, 48880), ERROR_SUCCESS);
    CHECK_EQ(get_dword(h.session, option), 48880);
    CHECK_EQ(set_dword(h.connection, option, 30000), ERROR_WINHTTP_INCORRECT_HANDLE_TYPE);
    handles_close(&h);
}
