/* test_main.c - main() of a test program; in a file of its own so that a program may bring another. */
#include "test.h"

int main(int argc, char **argv)
{
    return test_main(argc, argv);
}
