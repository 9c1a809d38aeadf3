/* test_recorder.c - the recorder, fed with callbacks of our own making. */
#include "recorder.h"
#include "text.h"

#include <pthread.h>

static HINTERNET handle_of(int n)
{
    return (HINTERNET)(DWORD_PTR)n;
}

static void call(int handle, DWORD status, void *info, DWORD length)
{
    recorder_callback(handle_of(handle), 7, status, info, length);
}

TEST(recorder, sequences_are_told_by_name)
{
    struct recorder *rec = recorder_new();
    DWORD sent = 42;

    call(1, WINHTTP_CALLBACK_STATUS_SENDING_REQUEST, NULL, 0);
    call(2, WINHTTP_CALLBACK_STATUS_SENDING_REQUEST, NULL, 0);
    call(1, WINHTTP_CALLBACK_STATUS_REQUEST_SENT, &sent, sizeof(sent));

    CHECK_SEEN(rec, SENDING_REQUEST, SENDING_REQUEST, REQUEST_SENT);
    CHECK_SEEN_ON(rec, handle_of(1), SENDING_REQUEST, REQUEST_SENT);
    CHECK_SEEN_OF(rec, WINHTTP_CALLBACK_STATUS_REQUEST_SENT, REQUEST_SENT);
    CHECK_EQ(recorder_at(rec, 2)->value, 42);
    CHECK_EQ(recorder_at(rec, 2)->context, 7);
    CHECK_EQ(recorder_at(rec, 2)->thread, 0);
    CHECK(recorder_at(rec, 3) == NULL);
    recorder_clear(rec);
    CHECK_EQ(recorder_count(rec), 0);
}

TEST(recorder, payloads_are_copied)
{
    struct recorder *rec = recorder_new();
    WINHTTP_ASYNC_RESULT failure = {API_READ_DATA, ERROR_WINHTTP_TIMEOUT};
    WCHAR name[] = {'h', 0xe4, 0};
    HINTERNET created = handle_of(9);

    call(1, WINHTTP_CALLBACK_STATUS_RESOLVING_NAME, name, 3);
    call(1, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, &failure, sizeof(failure));
    call(1, WINHTTP_CALLBACK_STATUS_HANDLE_CREATED, &created, sizeof(created));
    name[0] = 0;

    CHECK_STR(recorder_at(rec, 0)->text, "h\xc3\xa4");
    CHECK_EQ(recorder_at(rec, 1)->error, ERROR_WINHTTP_TIMEOUT);
    CHECK_EQ(recorder_at(rec, 1)->api, API_READ_DATA);
    CHECK_EQ(recorder_at(rec, 2)->value, 9);
    CHECK(recorder_find(rec, NULL, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, 0) ==
          recorder_at(rec, 1));
    CHECK(recorder_find(rec, NULL, WINHTTP_CALLBACK_STATUS_REQUEST_ERROR, 1) == NULL);
}

static void *call_from_thread(void *unused)
{
    (void)unused;
    call(1, WINHTTP_CALLBACK_STATUS_HEADERS_AVAILABLE, NULL, 0);
    call(1, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING, NULL, 0);
    return NULL;
}

TEST(recorder, waits_see_other_threads)
{
    struct recorder *rec = recorder_new();
    pthread_t thread;

    CHECK_EQ(pthread_create(&thread, NULL, call_from_thread, NULL), 0);
    CHECK_EQ(recorder_wait(rec, NULL, WINHTTP_CALLBACK_STATUS_HANDLE_CLOSING)->thread, 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    recorder_free(&rec);
}

TEST(text, goes_both_ways_beyond_the_basic_plane)
{
    static const char utf8[] = "a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80";
    WCHAR pair[] = {(WCHAR)0xd83d, (WCHAR)0xde00, 0};
    char back[32];

    text_narrow(back, sizeof(back), text_wide(utf8));
    CHECK_STR(back, utf8);
    CHECK_EQ(text_length(text_wide(utf8)), sizeof(WCHAR) == 2 ? 5 : 4);
    text_narrow(back, sizeof(back), pair);
    CHECK_STR(back, "\xf0\x9f\x98\x80");
}
