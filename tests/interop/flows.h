/* flows.h - what has to work with every server, written once.
 *
 * Each flow is a function of a setting; FLOW_TESTS() makes it tests of a suite: http and https,
 * synchronous and asynchronous. The name is the claim.
 */
#ifndef TEST_INTEROP_FLOWS_H
#define TEST_INTEROP_FLOWS_H

#include "visit.h"

/* Over HTTP and over HTTPS. */
#define FLOWS(X)                                                                                   \
    X(a_connection_is_kept)                                                                        \
    X(two_hundred_requests_share_a_connection)                                                     \
    X(a_chunked_body_arrives_without_its_framing)                                                  \
    X(a_large_body_arrives)                                                                        \
    X(a_large_body_is_sent)                                                                        \
    X(a_body_in_the_applications_own_chunks_is_sent)                                               \
    X(a_body_in_gzip_is_read_as_what_it_stands_for)                                                \
    X(a_head_request_has_no_body)                                                                  \
    X(a_204_has_no_body)                                                                           \
    X(a_304_has_no_body)                                                                           \
    X(ranges_are_delivered)                                                                        \
    X(a_404_has_a_body)                                                                            \
    X(an_http_1_0_request_is_answered)                                                             \
    X(a_connection_that_may_not_be_kept_is_not_used_again)                                         \
    X(a_restart_between_two_requests_goes_unnoticed)                                               \
    X(a_graceful_reload_goes_unnoticed)                                                            \
    X(an_early_answer_to_a_long_body_arrives)                                                      \
    X(a_server_killed_in_mid_body_is_a_connection_error)                                           \
    X(a_body_cut_short_is_a_connection_error)                                                      \
    X(unread_bodies_do_not_confuse_what_follows)

/* Over HTTPS alone. */
#define SECURE_FLOWS(X)                                                                            \
    X(a_faulty_certificate_is_refused_and_nothing_sent)                                            \
    X(each_ignore_flag_lets_its_own_fault_pass)                                                    \
    X(versions_are_agreed_on_or_refused)                                                           \
    X(sessions_are_resumed)

#define FLOW_DECLARE_(flow) void flow__##flow(struct setting setting);
FLOWS(FLOW_DECLARE_)
SECURE_FLOWS(FLOW_DECLARE_)
void flow__thirty_two_requests_run_at_once(struct setting setting); /* asynchronous alone */

#define FLOW_TEST_(suite, kind, flow, ending, tls, async)                                          \
    TEST(suite, flow##_##ending)                                                                   \
    {                                                                                              \
        flow__##flow((struct setting){kind, tls, async});                                          \
    }
#define FLOW_TESTS(suite, kind, flow)                                                              \
    FLOW_TEST_(suite, kind, flow, http_sync, false, false)                                         \
    FLOW_TEST_(suite, kind, flow, http_async, false, true)                                         \
    SECURE_FLOW_TESTS(suite, kind, flow)
#define SECURE_FLOW_TESTS(suite, kind, flow)                                                       \
    FLOW_TEST_(suite, kind, flow, https_sync, true, false)                                         \
    FLOW_TEST_(suite, kind, flow, https_async, true, true)

#endif
