# Options: the table, what is behind its rows, and certificates as they are handed out.
list(APPEND WH_FRONT_SOURCES
    wincrypt/api_context.c
    wincrypt/api_store.c
    wincrypt/api_usage.c
    wincrypt/base64.c
    wincrypt/chain.c
    wincrypt/context.c
    wincrypt/decode.c
    wincrypt/engine.c
    wincrypt/living.c
    wincrypt/match.c
    wincrypt/name.c
    wincrypt/store.c
    wincrypt/store_file.c
    wincrypt/store_pfx.c
    wincrypt/store_system.c
    winhttp/option.c
    winhttp/option_auth.c
    winhttp/option_handle.c
    winhttp/option_request.c
    winhttp/option_security.c
    winhttp/option_security_info.c
    winhttp/option_table.c)
list(APPEND WH_FRONT_BOTH_WIDTHS
    wincrypt/api_wide.c
    wincrypt/decode_wide.c
    wincrypt/policy_wide.c
    winhttp/api_auth.c
    winhttp/api_options.c)
