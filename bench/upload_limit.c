/* upload_limit.c - one POST of COUNT MiB, written 64 KiB at a time.
 *
 *      upload_limit URL COUNT
 */
#include "limit.h"

static char buffer[LIMIT_BUFFER];

int main(int argc, char **argv)
{
    int mib = limit_number(argc, argv, 2);
    struct limit_url url;
    struct limit_conn conn;
    SSL_CTX *context;
    char request[512];
    size_t request_len;

    limit_url_parse(&url, argv[1]);
    request_len = limit_request(request, sizeof(request), &url, (uint64_t)mib << 20);
    context = limit_context(&url);
    limit_open(&conn, &url, context, NULL);
    limit_write(&conn, request, request_len);
    for (long i = 0; i < mib * 16L; i++)
        limit_write(&conn, buffer, sizeof(buffer));
    limit_response(&conn, buffer);
    limit_close(&conn);
    SSL_CTX_free(context);
    return 0;
}
