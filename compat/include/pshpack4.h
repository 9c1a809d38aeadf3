/* pshpack4.h - structures from here to poppack.h are packed to 4 bytes. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Wpragma-pack" /* that is what this header is for */
#endif
#pragma pack(push, 4)
