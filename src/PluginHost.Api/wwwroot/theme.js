// Light or dark: what the system says, until somebody has chosen. Loaded before the page is painted.
(() => {
  const key = 'pluginhost-theme';
  const apply = () => {
    const chosen = localStorage.getItem(key);
    for (const link of document.querySelectorAll('link[href*="Radzen"]')) {
      const theme = /dark/.test(link.getAttribute('href')) ? 'dark' : 'light';
      link.media = chosen ? (chosen === theme ? 'all' : 'not all') : `(prefers-color-scheme: ${theme})`;
    }
    if (chosen) document.documentElement.dataset.theme = chosen;
  };
  apply();
  document.addEventListener('click', event => {
    if (!event.target.closest?.('#theme')) return;
    const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    localStorage.setItem(key, (localStorage.getItem(key) ?? system) === 'dark' ? 'light' : 'dark');
    apply();
  });
})();
