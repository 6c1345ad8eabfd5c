"""Postgres, the record: tables, tenant isolation, exact bulk upsert, the embedded server.

``database`` connects, ``tables`` says what there is, ``load`` brings rows in, ``migrate`` raises the schema.
"""
