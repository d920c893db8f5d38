"""Practice mode's district: Mai Sơn's real communes with villages and people who do not exist.

The units' codes and names down to the commune are official (2021); every village is marked "(mẫu)", sample, and every
person bears "Mẫu" in the middle of the name, which nobody does, and a number of the range 0900 000 xxx.
"""
