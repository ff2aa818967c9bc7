"""Uploads files with openscm-zenodo: URL TOKEN DEPOSIT FILE..."""
import sys
from pathlib import Path

from openscm_zenodo.zenodo import ZenodoInteractor

url, token, deposit, *files = sys.argv[1:]
interactor = ZenodoInteractor(token=token, zenodo_domain=url)
for response in interactor.upload_files(deposit, to_upload=[Path(f) for f in files]):
    response.raise_for_status()
