"""Uploads files with zenodo-client, which makes a deposit of its own: URL TOKEN DEPOSIT FILE..."""
import sys

from zenodo_client import Zenodo

url, token, _, *files = sys.argv[1:]
zenodo = Zenodo(access_token=token)
zenodo.api_base = f"{url}/api"
zenodo.depositions_base = f"{url}/api/deposit/depositions"
zenodo.create(
    {"metadata": {"title": "Benchmark", "upload_type": "dataset"}}, files, publish=False
)
