# What takes and gives text: URLs, dates, headers.
list(APPEND WH_FRONT_SOURCES
    winhttp/api_platform.c
    winhttp/query.c
    winhttp/system_time.c)
list(APPEND WH_FRONT_BOTH_WIDTHS
    winhttp/api_headers.c
    winhttp/api_query.c
    winhttp/api_time.c
    winhttp/api_url.c
    winhttp/api_url_create.c)
